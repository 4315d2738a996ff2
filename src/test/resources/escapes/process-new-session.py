# SPDX-License-Identifier: Apache-2.0
# Leaves the session and sleeps.
import os, time
try:
    os.setsid()
except OSError:
    pass
time.sleep(300)
