# A part of `make formal` that takes seconds.
add_test(NAME Formal.FastProofsHold
  COMMAND ${CRUCIBLE_PYTHON} ${CMAKE_SOURCE_DIR}/tests/formal/prove.py --fast --jobs 1 --out ${CMAKE_BINARY_DIR}/formal/fast)
set_tests_properties(Formal.FastProofsHold PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 600 LABELS formal)
