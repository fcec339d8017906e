# SPDX-License-Identifier: BSL-1.0
# find_package(mortise-sdk): the target mortise::sdk and the function mortise_add_plugin().
if(NOT TARGET mortise::sdk)
    include(${CMAKE_CURRENT_LIST_DIR}/mortise-sdk-targets.cmake)
endif()
include(${CMAKE_CURRENT_LIST_DIR}/mortise_add_plugin.cmake)
