# What the synthesised configurations take of their parts: the rules, and `tiny` against its budget (the rest: make synthesis).
add_test(NAME synth.counts_and_budgets
  COMMAND ${CRUCIBLE_PYTHON} -B ${CMAKE_SOURCE_DIR}/tests/synth/synthesis_test.py)
add_test(NAME synth.tiny_keeps_its_budget
  COMMAND ${CRUCIBLE_PYTHON} -B ${CMAKE_SOURCE_DIR}/scripts/synthesis.py tiny:iCE40HX8K-CT256 --check
    --out ${CMAKE_BINARY_DIR}/synthesis)
set_tests_properties(synth.counts_and_budgets synth.tiny_keeps_its_budget PROPERTIES TIMEOUT 900 LABELS synth)
set_tests_properties(synth.tiny_keeps_its_budget PROPERTIES SKIP_RETURN_CODE 77)
