add_test(NAME Layering.IncludesFollowTheArchitecture
  COMMAND ${CRUCIBLE_PYTHON} ${CMAKE_SOURCE_DIR}/tests/lint/layering_test.py)
set_tests_properties(Layering.IncludesFollowTheArchitecture PROPERTIES LABELS lint)
