// SPDX-License-Identifier: Apache-2.0
package org.lamella.eval;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The programs that make a sandbox and the command line that puts them together.
 *
 * @param bubblewrap {@code bwrap}
 * @param prlimit util-linux's, below {@code /usr}, since it runs inside
 * @param setpriv util-linux's, for root, who is not limited; see {@link #words}
 * @param mount util-linux's, which limits the number of files, as bubblewrap cannot
 * @param python below {@code /usr}, since nothing else is there inside
 */
record SandboxTools(Path bubblewrap, Path prlimit, Path setpriv, Path mount, Path python) {

    private static final List<Path> SYSTEM = List.of(Path.of("/usr/bin"), Path.of("/usr/local/bin"));
    private static final String NOBODY = "65534";
    // the filter is handed over as file 9, which the shell opens before root's rights are dropped
    private static final String OPEN_FILTER = "exec \"$@\" 9<\"$0\"";
    // where the program's files lie until they are bound to its /tmp: a folder that is everywhere and holds no program
    private static final String FILES = "/sys";
    private static final long PAGE = 4096;
    private static final long FEWEST_FILES = 16;

    static SandboxTools find(List<Path> path) {
        return new SandboxTools(
                find("bwrap", "bubblewrap", path),
                find("prlimit", "util-linux", SYSTEM),
                find("setpriv", "util-linux", SYSTEM),
                find("mount", "mount", SYSTEM),
                find("python3", "python3", SYSTEM));
    }

    private static Path find(String name, String debian, List<Path> path) {
        return path.stream()
                .map(folder -> folder.resolve(name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(CodeSandbox.RULE + "got no " + name + " in "
                        + String.join(", ", path.stream().map(Path::toString).toList())
                        + "; to install it: apt-get install " + debian));
    }

    /** Returns the command, which reads the program from its input. */
    List<String> words(Path filter, CodeLimits limits, boolean root) {
        List<String> words = new ArrayList<>(List.of("/bin/sh", "-c", OPEN_FILTER, filter.toString()));
        if (root) {
            words.addAll(List.of(
                    setpriv.toString(), "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups", "--no-new-privs"));
        }
        words.addAll(limitedFiles(limits));
        words.add(bubblewrap.toString());
        words.addAll(namespaces());
        words.addAll(files());
        words.addAll(List.of("--seccomp", "9", "--"));
        words.addAll(limited(limits));
        words.addAll(List.of(python.toString(), "-I", "-B", "-"));
        return words;
    }

    /** Returns how many files and folders there may be: one for each page of the disk. */
    static long files(CodeLimits limits) {
        return Math.max(FEWEST_FILES, limits.disk() / PAGE);
    }

    // an outer sandbox, in which everything can be seen and nothing of the program runs: there a place for files is
    // made
    // that holds so many bytes and so many files
    private List<String> limitedFiles(CodeLimits limits) {
        String made = mount + " -t tmpfs -o size=" + limits.disk() + ",nr_inodes=" + files(limits)
                + ",nosuid,nodev files " + FILES + " && exec \"$@\"";
        List<String> words = new ArrayList<>(
                List.of(bubblewrap.toString(), "--unshare-user", "--uid", "0", "--gid", "0", "--die-with-parent"));
        // to mount, and to hand on to the inner one what it needs to make its own user
        for (String right : List.of("CAP_SYS_ADMIN", "CAP_SETFCAP", "CAP_SETUID", "CAP_SETGID")) {
            words.addAll(List.of("--cap-add", right));
        }
        words.addAll(List.of("--dev-bind", "/", "/", "--", "/bin/sh", "-c", made, "sh"));
        return words;
    }

    private static List<String> namespaces() {
        return List.of(
                "--unshare-all",
                "--unshare-user",
                "--disable-userns",
                "--die-with-parent",
                "--new-session",
                "--cap-drop",
                "ALL",
                "--uid",
                NOBODY,
                "--gid",
                NOBODY,
                "--hostname",
                "sandbox",
                "--clearenv",
                "--setenv",
                "PATH",
                "/usr/bin",
                "--setenv",
                "PYTHONIOENCODING",
                "utf-8");
    }

    // no /proc, and of /dev two files only: Python needs no more; the root is closed last
    private static List<String> files() {
        return List.of(
                "--ro-bind",
                "/usr",
                "/usr",
                "--symlink",
                "usr/lib",
                "/lib",
                "--symlink",
                "usr/lib64",
                "/lib64",
                "--symlink",
                "usr/bin",
                "/bin",
                "--dir",
                "/dev",
                "--dev-bind",
                "/dev/null",
                "/dev/null",
                "--dev-bind",
                "/dev/urandom",
                "/dev/urandom",
                "--bind",
                FILES,
                "/tmp",
                "--chdir",
                "/tmp",
                "--remount-ro",
                "/");
    }

    private List<String> limited(CodeLimits limits) {
        long seconds = limits.time().toSeconds();
        return List.of(
                prlimit.toString(),
                "--as=" + limits.memory(),
                String.format(Locale.ROOT, "--cpu=%d:%d", seconds, seconds + 1),
                "--fsize=" + limits.disk(),
                "--nofile=32",
                "--nproc=2", // the namespace's first process and this one
                "--core=0",
                "--memlock=0",
                "--msgqueue=0",
                "--sigpending=64",
                "--");
    }
}
