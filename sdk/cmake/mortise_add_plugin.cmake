# SPDX-License-Identifier: BSL-1.0
# mortise_add_plugin(): a target that builds a plugin's library. mortise_add_coroutine_check(): a test that its
# coroutines are none that g++ 12 compiles wrongly.
include_guard(GLOBAL)

# mortise_add_plugin(NAME SOURCES … [LINKS …] [PORTABLE])
#
# Makes NAME.so of sources in C or C++20, in CMAKE_LIBRARY_OUTPUT_DIRECTORY where that is set. It
# exports the object `mortise_plugin` alone; a function that nobody defines is an error at link
# time, not when the host loads it. None but its owner may write to it, nor to its folder in the build.
# PORTABLE links the C++ runtime into it, for hosts on systems with an older one.
function(mortise_add_plugin name)
    cmake_parse_arguments(PARSE_ARGV 1 plugin "PORTABLE" "" "SOURCES;LINKS")
    if(NOT plugin_SOURCES)
        message(FATAL_ERROR "mortise_add_plugin(${name}): SOURCES names no file")
    endif()
    if(plugin_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "mortise_add_plugin(${name}): unknown: ${plugin_UNPARSED_ARGUMENTS}")
    endif()
    set(map ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/mortise_plugin.map)

    add_library(${name} MODULE ${plugin_SOURCES})
    # Each file by itself: g++ takes a unity file for a header, and warns of coroutines' frames there.
    set_target_properties(${name} PROPERTIES
        PREFIX "" SUFFIX ".so"
        C_VISIBILITY_PRESET hidden
        CXX_VISIBILITY_PRESET hidden
        VISIBILITY_INLINES_HIDDEN ON
        POSITION_INDEPENDENT_CODE ON
        UNITY_BUILD OFF
        LINK_DEPENDS ${map})
    get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
    if(CXX IN_LIST languages)
        target_compile_features(${name} PRIVATE cxx_std_20)
    endif()
    target_link_libraries(${name} PRIVATE mortise::sdk ${plugin_LINKS})
    target_link_options(${name} PRIVATE
        -Wl,--version-script=${map} -Wl,-z,relro,-z,now -Wl,--build-id)
    # Clang's sanitizers leave their own functions for the program to define.
    if(NOT "${CMAKE_C_FLAGS} ${CMAKE_CXX_FLAGS}" MATCHES "-fsanitize=" OR
       NOT "${CMAKE_C_COMPILER_ID};${CMAKE_CXX_COMPILER_ID}" MATCHES "Clang")
        target_link_options(${name} PRIVATE -Wl,-z,defs)
    endif()
    if(plugin_PORTABLE)
        target_link_options(${name} PRIVATE
            -static-libgcc $<$<LINK_LANGUAGE:CXX>:-static-libstdc++>)
    endif()
    mortise_protect_plugin(${name})
endfunction()

# The host refuses a file, and a folder, that others may write to, as a umask of 002 lets a group do. The
# folder is left as it is where it is not the build's own, or somebody else's.
function(mortise_protect_plugin name)
    add_custom_command(TARGET ${name} POST_BUILD COMMAND chmod go-w $<TARGET_FILE:${name}> VERBATIM)
    get_target_property(folder ${name} LIBRARY_OUTPUT_DIRECTORY)
    if(NOT folder)
        set(folder ${CMAKE_CURRENT_BINARY_DIR})
    endif()
    cmake_path(IS_PREFIX CMAKE_BINARY_DIR "${folder}" NORMALIZE is_own)
    if(is_own AND NOT CMAKE_BINARY_DIR STREQUAL CMAKE_SOURCE_DIR)
        add_custom_command(TARGET ${name} POST_BUILD
            COMMAND sh -c "test ! -O \"$1\" || chmod go-w \"$1\"" sh $<TARGET_FILE_DIR:${name}>
            VERBATIM)
    endif()
endfunction()

# mortise_add_coroutine_check(NAME)
#
# Adds the test NAME-coroutines, which looks through the sources of the target NAME for what g++ 11
# and 12 compile wrongly beside a co_await. It needs clang-query and python3 (Debian: clang-tools-16,
# python3); where one is not there, the test says so and is skipped.
function(mortise_add_coroutine_check name)
    find_program(MORTISE_CLANG_QUERY NAMES clang-query-16 clang-query
        DOC "Looks for what g++ 12 compiles wrongly")
    find_program(MORTISE_PYTHON3 python3 DOC "Runs what looks for that")
    set_target_properties(${name} PROPERTIES EXPORT_COMPILE_COMMANDS ON)
    get_target_property(files ${name} SOURCES)
    get_target_property(folder ${name} SOURCE_DIR)
    list(FILTER files INCLUDE REGEX "\\.(cpp|cc|cxx)$")
    set(sources)
    foreach(file IN LISTS files)
        cmake_path(ABSOLUTE_PATH file BASE_DIRECTORY ${folder})
        list(APPEND sources ${file})
    endforeach()
    if(MORTISE_PYTHON3)
        add_test(NAME ${name}-coroutines
            COMMAND ${MORTISE_PYTHON3} -B ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/mortise_coroutines.py
                --build ${CMAKE_BINARY_DIR} --clang-query ${MORTISE_CLANG_QUERY} ${sources})
    else()
        add_test(NAME ${name}-coroutines
            COMMAND sh -c "echo 'skipped: there is no python3'; exit 77")
    endif()
    set_tests_properties(${name}-coroutines PROPERTIES SKIP_RETURN_CODE 77)
endfunction()
