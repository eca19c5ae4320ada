# Linked by every test program that has a card with its whole device.
add_library(card_conformance OBJECT ${CMAKE_CURRENT_LIST_DIR}/card_conformance.cpp)
target_link_libraries(card_conformance PUBLIC crucible_flags crucible_port GTest::gtest)
# PCIe: the card's model, its driver over it, and the ways to a card.
crucible_test(pcie_test
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/card_model_test.cpp ${CMAKE_CURRENT_LIST_DIR}/ring_transport_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/vfio_user_session_test.cpp ${CMAKE_CURRENT_LIST_DIR}/vfio_user_device_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/kernel_card_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/pci_proxy_session_test.cpp
  DEPENDS port_conformance crucible_card LABELS unit)
