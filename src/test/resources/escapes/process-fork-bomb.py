# SPDX-License-Identifier: Apache-2.0
# Makes processes without end.
import os
while True:
    try:
        if os.fork() == 0:
            print('ESCAPED', flush=True)
    except OSError:
        pass
