# cmake -DSOURCE=.. -DTEMPLATE=.. -DOUT=.. -DCRUCIBLE_VERSION=.. -P: writes OUT from TEMPLATE with the commit of SOURCE, at
# every build. OUT is touched only when its text changes, so a new commit compiles one small file.
set(CRUCIBLE_COMMIT unknown)
find_program(GIT git)
if(GIT AND EXISTS ${SOURCE}/.git)
  execute_process(COMMAND ${GIT} --no-optional-locks -C ${SOURCE} describe --always --dirty --abbrev=12 --exclude *
    OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE status)
  if(status EQUAL 0)
    set(CRUCIBLE_COMMIT ${commit})
  endif()
endif()
configure_file(${TEMPLATE} ${OUT} @ONLY)
