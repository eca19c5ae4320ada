# What is generated from spec/ and committed must not drift from it.
add_test(NAME spec.generated_files_do_not_drift
  COMMAND ${CRUCIBLE_PYTHON} ${CMAKE_SOURCE_DIR}/spec/generate.py --check)
add_test(NAME spec.generator_is_strict COMMAND ${CRUCIBLE_PYTHON} ${CMAKE_SOURCE_DIR}/tests/lint/spec_test.py)
set_tests_properties(spec.generated_files_do_not_drift spec.generator_is_strict PROPERTIES LABELS lint)
