# The README's table of verification knows every target.
add_test(NAME docs.the_status_table_knows_every_target
  COMMAND ${CRUCIBLE_PYTHON} -B ${CMAKE_SOURCE_DIR}/scripts/status_table.py --check)
set_tests_properties(docs.the_status_table_knows_every_target PROPERTIES LABELS lint TIMEOUT 30)
