# SPDX-License-Identifier: MIT
execute_process(COMMAND "${PROGRAM}" OUTPUT_VARIABLE said RESULT_VARIABLE failed)
file(READ "${PAGE}" written)
if(failed)
    message(FATAL_ERROR "${PROGRAM} failed: ${failed}")
elseif(NOT said STREQUAL written)
    message(FATAL_ERROR "${PAGE} is not what it describes; write it anew: ${PROGRAM} >${PAGE}")
endif()
