# SPDX-License-Identifier: BSL-1.0
# Builds an example in an empty folder, with a package of the SDK and nothing else of this tree:
#   cmake -D SOURCE=… -D FOLDER=… -D HOST_BUILD=… -D INSTALL=ON|OFF -D COMPILER=… -P build_alone.cmake
# With INSTALL, the package is installed to a prefix inside FOLDER first; else it is that of the
# build tree HOST_BUILD.
function(run)
    execute_process(COMMAND ${ARGV} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

file(REMOVE_RECURSE ${FOLDER})
set(prefix ${HOST_BUILD})
if(INSTALL)
    set(prefix ${FOLDER}/prefix)
    run(${CMAKE_COMMAND} --install ${HOST_BUILD} --prefix ${prefix} --component sdk)
endif()
run(${CMAKE_COMMAND} -S ${SOURCE} -B ${FOLDER}/build -G ${GENERATOR}
    -D CMAKE_PREFIX_PATH=${prefix} -D CMAKE_CXX_COMPILER=${COMPILER}
    -D CMAKE_FIND_USE_PACKAGE_REGISTRY=OFF)
run(${CMAKE_COMMAND} --build ${FOLDER}/build)

get_filename_component(name ${SOURCE} NAME)
if(NOT EXISTS ${FOLDER}/build/${name}.so)
    message(FATAL_ERROR "${FOLDER}/build/${name}.so was not made")
endif()
