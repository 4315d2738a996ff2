# SPDX-License-Identifier: Apache-2.0
# Stays when its parent goes.
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        print('ESCAPED', flush=True)
        time.sleep(300)
