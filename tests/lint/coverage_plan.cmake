# The plan of functional coverage and the cover points.
add_test(NAME coverage_plan.every_point_has_a_row
  COMMAND ${CRUCIBLE_PYTHON} -B ${CMAKE_CURRENT_LIST_DIR}/coverage_plan_test.py)
set_tests_properties(coverage_plan.every_point_has_a_row PROPERTIES TIMEOUT 30 LABELS lint)
