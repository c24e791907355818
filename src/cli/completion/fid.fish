# SPDX-License-Identifier: MIT
# Completion of fid's words in fish: the program is asked what the word may become.

function __fid_complete
    set -l words (commandline -opc)
    set -e words[1]
    set -l typed (commandline -ct)
    # Without its quotes, the last of which may not be there yet.
    set -l plain (string unescape -- $typed; or string unescape -- $typed\'; or string unescape -- $typed\")
    set -l lines (fid completion -- $words "$plain" 2>/dev/null)
    if string match -q \t'command'\t'*' -- "$lines[1]"
        # The words behind -- are another program's.
        set -l at (math (string split \t -- $lines[1])[3] + 1)
        complete -C (string join ' ' -- (string escape -- $words[$at..]) $typed)
        return
    end
    test -n "$lines[1]"; and string join \n -- $lines
end

complete -c fid -f -a '(__fid_complete)'
