# What the Makefile calls, from the outside.
add_test(NAME scripts.FetchMnist COMMAND ${CRUCIBLE_PYTHON} -B ${CMAKE_SOURCE_DIR}/tests/cosim/fetch_mnist_test.py)
set_tests_properties(scripts.FetchMnist PROPERTIES TIMEOUT 120 LABELS cosim)
