crucible_test(certify_test
  SOURCES
    ${CMAKE_SOURCE_DIR}/tests/unit/small_networks.cpp
    ${CMAKE_SOURCE_DIR}/tests/unit/certify_support.cpp
    ${CMAKE_SOURCE_DIR}/tests/unit/certify_exhaustive_test.cpp
    ${CMAKE_SOURCE_DIR}/tests/unit/certify_dead_zone_test.cpp
    ${CMAKE_SOURCE_DIR}/tests/unit/certify_layer_test.cpp
  DEPENDS crucible_certify LABELS unit-threads)
crucible_test(certify_zoo_test
  SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/certify_zoo_test.cpp
  DEPENDS crucible_certify crucible_experiment LABELS unit-threads)
