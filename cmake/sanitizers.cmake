if(FID_SANITIZE)
  add_compile_options(-fsanitize=${FID_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${FID_SANITIZE})
  if(FID_SANITIZE MATCHES undefined)
    # It looks at memory through a pipe, and takes a process that has run out of descriptors, as
    # some tests do, for one with a broken object.
    # What null and object-size find, the address sanitizer does too; they take a quarter of the build.
    add_compile_options(-fno-sanitize=vptr,null,object-size)
  endif()
endif()
