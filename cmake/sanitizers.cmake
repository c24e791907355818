if(FID_SANITIZE)
  add_compile_options(-fsanitize=${FID_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${FID_SANITIZE})
endif()
