# `crucible regress`, from the outside.
foreach(suite regress:Tiles regress:BadTiles regress:PlantedBugs suite:Suites)
  string(REPLACE ":" ";" suite ${suite})
  list(GET suite 0 file)
  list(GET suite 1 class)
  add_test(NAME cli.${class}
    COMMAND ${CRUCIBLE_PYTHON} -B ${CMAKE_SOURCE_DIR}/tests/cosim/cli_${file}_test.py ${class}
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(cli.${class} PROPERTIES TIMEOUT 600 LABELS cosim ENVIRONMENT "CRUCIBLE=$<TARGET_FILE:crucible>")
endforeach()
