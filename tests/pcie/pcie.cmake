# The program that `make test-pcie` runs in a guest; nothing else needs it.
add_executable(edu_vfio EXCLUDE_FROM_ALL ${CMAKE_CURRENT_LIST_DIR}/edu_vfio.cpp)
target_link_libraries(edu_vfio PRIVATE crucible_flags crucible_link fmt::fmt)
