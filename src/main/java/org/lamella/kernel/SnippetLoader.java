// SPDX-License-Identifier: Apache-2.0
package org.lamella.kernel;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import jdk.jshell.execution.LoaderDelegate;
import jdk.jshell.spi.ExecutionControl.ClassBytecodes;
import jdk.jshell.spi.ExecutionControl.ClassInstallException;
import jdk.jshell.spi.ExecutionControl.InternalException;
import org.jspecify.annotations.Nullable;

/** Defines the classes of snippets and finds those of the class path; all by one class loader, which threads of cells carry. */
final class SnippetLoader implements LoaderDelegate {

    private final Loader loader = new Loader(SnippetLoader.class.getClassLoader());
    private final Map<String, Class<?>> loaded = new ConcurrentHashMap<>();

    ClassLoader classLoader() {
        return loader;
    }

    /**
     * Defines classes. All are known before the first is linked, since they may need each other: a sealed interface and its
     * records, two classes with fields of each other's type.
     */
    @Override
    public void load(ClassBytecodes[] classes) throws ClassInstallException {
        for (ClassBytecodes one : classes) {
            loader.bytes.put(one.name(), LoopChecks.weave(one.bytecodes()));
        }
        boolean[] installed = new boolean[classes.length];
        for (int index = 0; index < classes.length; index++) {
            String name = classes[index].name();
            try {
                Class<?> type = loader.loadClass(name);
                link(type);
                loaded.put(name, type);
                installed[index] = true;
            } catch (ClassNotFoundException | LinkageError problem) {
                throw new ClassInstallException("class " + name + " cannot be loaded: " + problem, installed);
            }
        }
    }

    /** Makes the machine look at a class now, so that what is missing is told now. */
    private static int link(Class<?> type) {
        return type.getDeclaredMethods().length;
    }

    @Override
    public void classesRedefined(ClassBytecodes[] classes) {
        for (ClassBytecodes one : classes) {
            loader.bytes.put(one.name(), LoopChecks.weave(one.bytecodes()));
        }
    }

    @Override
    public void addToClasspath(String paths) throws InternalException {
        for (String path : paths.split(Pattern.quote(File.pathSeparator), -1)) {
            try {
                loader.addURL(Path.of(path).toUri().toURL());
            } catch (MalformedURLException problem) {
                throw new InternalException(path + ": " + problem.getMessage());
            }
        }
    }

    @Override
    public Class<?> findClass(String name) throws ClassNotFoundException {
        Class<?> type = loaded.get(name);
        if (type == null) {
            throw new ClassNotFoundException(name);
        }
        return type;
    }

    /** Looks in the kernel first, then among the snippets, then on the class path. */
    private static final class Loader extends URLClassLoader {
        static {
            registerAsParallelCapable();
        }

        private final Map<String, byte[]> bytes = new ConcurrentHashMap<>();

        Loader(ClassLoader parent) {
            super("notebook", new URL[0], parent);
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            byte[] snippet = bytes.get(name);
            if (snippet == null) {
                return super.findClass(name);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> type = findLoadedClass(name);
                return type != null ? type : defineClass(name, snippet, 0, snippet.length, (@Nullable CodeSource) null);
            }
        }

        @Override
        protected void addURL(URL url) {
            super.addURL(url);
        }
    }
}
