# crucible_library(NAME SOURCES ... DEPENDS ...): a static library of ours.
function(crucible_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_link_libraries(${name} PUBLIC crucible_flags ${ARG_DEPENDS})
endfunction()

# crucible_test(NAME SOURCES ... DEPENDS ... [LABELS label] [TIMEOUT s] [LOCK name] [PREFIX name]): a GoogleTest program, each
# test case known to ctest, after the prefix (which programs of the same suite need), one at a time of those with the same lock; the
# target tests-<label> builds all programs of a label.
function(crucible_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT;LOCK;PREFIX" "SOURCES;DEPENDS;LABELS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE crucible_flags ${ARG_DEPENDS} GTest::gtest GTest::gtest_main)
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  gtest_discover_tests(${name} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR} DISCOVERY_TIMEOUT 60 TEST_PREFIX "${ARG_PREFIX}"
    PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS "${ARG_LABELS}" RESOURCE_LOCK "${ARG_LOCK}")
  foreach(label ${ARG_LABELS})
    if(NOT TARGET tests-${label})
      add_custom_target(tests-${label})
    endif()
    add_dependencies(tests-${label} ${name})
  endforeach()
endfunction()
