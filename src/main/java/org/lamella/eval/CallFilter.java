// SPDX-License-Identifier: Apache-2.0
package org.lamella.eval;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.lamella.base.Disk;

/**
 * Which system calls a sandboxed program may not make, as the kernel reads it (seccomp's classic BPF). Refused are those
 * that make processes and threads, sockets, memory outside the address space (System V's, memfd), and those that administer
 * the kernel or look into other processes.
 */
final class CallFilter {

    private static final int LOAD = 0x20;
    private static final int IF_EQUAL = 0x15;
    private static final int IF_AT_LEAST = 0x35;
    private static final int RETURN = 0x06;
    private static final int ALLOW = 0x7fff0000;
    private static final int KILL = 0x80000000;
    private static final int REFUSE = 0x00050000 | 1; // EPERM
    private static final int NUMBER_AT = 0;
    private static final int ARCHITECTURE_AT = 4;
    private static final int OTHER_ABI = 0x40000000; // x32 on amd64

    /**
     * A processor.
     *
     * @param code what the kernel calls it
     * @param refused the numbers of the calls
     */
    private record Machine(int code, int[] refused) {}

    // from the kernel's tables; 425 and above are alike everywhere
    private static final Map<String, Machine> MACHINES = Map.of(
            "amd64",
            new Machine(0xC000003E, new int[] {
                56,
                57,
                58, // clone, fork, vfork
                41,
                42,
                43,
                44,
                49,
                50,
                53,
                288, // sockets
                29,
                30,
                31,
                67,
                64,
                65,
                66,
                220,
                68,
                69,
                70,
                71,
                240, // System V memory, semaphores, messages; mq_open
                319,
                323, // memfd_create, userfaultfd
                101,
                310,
                311,
                312,
                256,
                279,
                237, // ptrace, process_vm_*, kcmp, pages of others, mbind
                155,
                161,
                165,
                166,
                272,
                308,
                303,
                304,
                133,
                259, // roots, mounts, namespaces, file handles, mknod
                103,
                135,
                154,
                159,
                163,
                164,
                167,
                168,
                169,
                170,
                171,
                172,
                173,
                175,
                176,
                179,
                227,
                246,
                305,
                313,
                320,
                248,
                249,
                250,
                253,
                294,
                254,
                298,
                300,
                321,
                278 // keys, inotify, perf, fanotify, bpf, vmsplice
            }),
            "aarch64",
            new Machine(0xC00000B7, new int[] {
                220, // clone
                198, 199, 200, 201, 202, 203, 206, 242, 194, 195, 196, 197, 190, 191, 192, 193, 186, 187, 188, 189, 180,
                279, 282, 117, 270, 271, 272, 238, 239, 235, 41, 51, 40, 39, 97, 268, 264, 265, 33, 116, 92, 171, 89,
                170, 224, 225, 142, 161, 162, 105, 106, 60, 112, 104, 266, 273, 294, 217, 218, 219, 26, 27, 241, 262,
                280, 75
            }));

    // clone3, io_uring, mounts, pidfd_getfd, pidfd_open, process_madvise, mount_setattr, quotactl_fd, memfd_secret
    private static final int[] REFUSED_EVERYWHERE = {
        425, 426, 427, 428, 429, 430, 431, 432, 433, 434, 435, 438, 440, 442, 443, 447
    };

    private CallFilter() {}

    static boolean knows(String architecture) {
        return MACHINES.containsKey(architecture);
    }

    /** Writes the filter to a file that goes when Java does. */
    static Path file(String architecture) {
        try {
            Path file = Files.createTempFile("lamella-calls", ".bpf");
            file.toFile().deleteOnExit();
            Files.write(file, bytes(architecture));
            return file;
        } catch (IOException e) {
            throw Disk.unwritable("the sandbox's filter", e);
        }
    }

    static byte[] bytes(String architecture) {
        Machine machine = MACHINES.get(architecture);
        if (machine == null) {
            throw new IllegalArgumentException(
                    "architecture must be one of " + MACHINES.keySet() + "; got " + architecture);
        }
        int steps = 7 + 2 * (machine.refused().length + REFUSED_EVERYWHERE.length);
        ByteBuffer filter = ByteBuffer.allocate(8 * steps).order(ByteOrder.LITTLE_ENDIAN);
        step(filter, LOAD, 0, ARCHITECTURE_AT);
        step(filter, IF_EQUAL, 1, machine.code());
        step(filter, RETURN, 0, KILL);
        step(filter, LOAD, 0, NUMBER_AT);
        filter.putShort((short) IF_AT_LEAST).put((byte) 0).put((byte) 1).putInt(OTHER_ABI);
        step(filter, RETURN, 0, KILL);
        refuse(filter, machine.refused());
        refuse(filter, REFUSED_EVERYWHERE);
        step(filter, RETURN, 0, ALLOW);
        return filter.array();
    }

    private static void refuse(ByteBuffer filter, int[] calls) {
        for (int call : calls) {
            filter.putShort((short) IF_EQUAL).put((byte) 0).put((byte) 1).putInt(call);
            step(filter, RETURN, 0, REFUSE);
        }
    }

    // skip: how many steps to leave out when the comparison holds
    private static void step(ByteBuffer filter, int code, int skip, int value) {
        filter.putShort((short) code).put((byte) skip).put((byte) 0).putInt(value);
    }
}
