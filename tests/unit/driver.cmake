crucible_test(driver_test
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/accelerator_test.cpp ${CMAKE_CURRENT_LIST_DIR}/accelerator_effects_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/cell_words_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/device_engine_test.cpp ${CMAKE_CURRENT_LIST_DIR}/device_identity_test.cpp
  DEPENDS crucible_driver crucible_models LABELS unit)
