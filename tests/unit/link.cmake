crucible_test(link_test
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/address_test.cpp ${CMAKE_CURRENT_LIST_DIR}/frame_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/frame_receiver_test.cpp ${CMAKE_CURRENT_LIST_DIR}/transport_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/serial_transport_test.cpp ${CMAKE_CURRENT_LIST_DIR}/eager_wait_test.cpp
  DEPENDS crucible_link util LABELS unit-threads)
