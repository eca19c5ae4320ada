# PicoRV32, the core of configurations with a controller. CRUCIBLE_PICORV32 is its picorv32.v, or empty where it cannot be had: then
# CRUCIBLE_PICORV32_MISSING says why, everything else is built, and the tests that need it report themselves as skipped.
set(CRUCIBLE_PICORV32 "")
set(CRUCIBLE_PICORV32_MISSING "")
execute_process(COMMAND ${CMAKE_SOURCE_DIR}/scripts/fetch_picorv32.sh ${CMAKE_BINARY_DIR}/picorv32
  RESULT_VARIABLE fetched ERROR_VARIABLE reason ERROR_STRIP_TRAILING_WHITESPACE)
if(fetched EQUAL 0)
  set(CRUCIBLE_PICORV32 ${CMAKE_BINARY_DIR}/picorv32/picorv32.v)
else()
  # One line, without what CMake's lists and a C++ string would take apart.
  string(REGEX REPLACE ".*error: " "" reason "${reason}")
  string(REGEX REPLACE "[][\"\\;\n ]+" " " reason "${reason}")
  set(CRUCIBLE_PICORV32_MISSING "no PicoRV32: ${reason}")
  message(WARNING "${CRUCIBLE_PICORV32_MISSING}. Configurations with a controller are not built, their tests are skipped.")
endif()

# crucible_skipped_test(NAME LABEL REASON): stands for tests that cannot run here and says so.
function(crucible_skipped_test name label reason)
  add_test(NAME ${name} COMMAND sh -c "echo \"skipped: $1\"; exit 77" sh ${reason})
  set_tests_properties(${name} PROPERTIES SKIP_RETURN_CODE 77 LABELS ${label})
endfunction()
