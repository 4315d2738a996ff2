# SPDX-License-Identifier: Apache-2.0
# Sleeps for ever.
import time
time.sleep(10**6)
