# SPDX-License-Identifier: Apache-2.0
# Makes threads.
import threading
threading.Thread(target=print, args=('ESCAPED',)).start()
