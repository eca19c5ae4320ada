# What the Makefile and the configuration call, from the outside.
add_test(NAME scripts.FetchMnist COMMAND ${CRUCIBLE_PYTHON} -B ${CMAKE_SOURCE_DIR}/tests/cosim/fetch_mnist_test.py)
set_tests_properties(scripts.FetchMnist PROPERTIES TIMEOUT 120 LABELS cosim)
add_test(NAME scripts.FetchPicorv32 COMMAND ${CRUCIBLE_PYTHON} -B ${CMAKE_SOURCE_DIR}/tests/cosim/fetch_picorv32_test.py)
set_tests_properties(scripts.FetchPicorv32 PROPERTIES TIMEOUT 300 LABELS cosim ENVIRONMENT "CRUCIBLE_PICORV32=${CRUCIBLE_PICORV32}")
