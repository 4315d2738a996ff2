# SPDX-License-Identifier: Apache-2.0
# Catches its own end.
import time
while True:
    try:
        while True:
            time.sleep(1)
    except BaseException:
        pass
