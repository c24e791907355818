# The warnings every target of ours is built with; not part of what is installed.
add_library(fid_warnings INTERFACE)
target_compile_options(fid_warnings INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow
                       $<$<BOOL:${FID_WERROR}>:-Werror>)
