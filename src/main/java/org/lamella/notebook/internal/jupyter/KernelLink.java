// SPDX-License-Identifier: Apache-2.0
package org.lamella.notebook.internal.jupyter;

import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.lamella.notebook.internal.page.Bundle;

/**
 * What a running kernel can do for us, called by reflection, so that one library works with every kernel that has
 * IJava's interface, whatever class loaders lie between.
 */
public final class KernelLink {

    /**
     * Where a family of kernels keeps its doors.
     *
     * @param name what to call it
     * @param kernel the class that knows the running kernel
     * @param instance its method that returns the kernel
     * @param display the class with {@code display(Object)} and {@code updateDisplay(String, Object)}
     */
    record Family(String name, String kernel, String instance, String display) {}

    private static final List<Family> FAMILIES = List.of(
            new Family(
                    "IJava",
                    "io.github.spencerpark.ijava.runtime.Kernel",
                    "getKernelInstance",
                    "io.github.spencerpark.ijava.runtime.Display"),
            new Family(
                    "JJava",
                    "org.dflib.jjava.kernel.JavaNotebookStatics",
                    "kernel",
                    "org.dflib.jjava.jupyter.kernel.BaseNotebookStatics"));

    private static final String[] TYPES = {"text/html", "image/png", "application/vnd.plotly.v1+json"};

    private final Object kernel;
    private final Class<?> display;

    private KernelLink(Object kernel, Class<?> display) {
        this.kernel = kernel;
        this.display = display;
    }

    /** Returns the link to the kernel that runs this code, or nothing when none does. */
    public static Optional<KernelLink> find() {
        return FAMILIES.stream().map(KernelLink::of).flatMap(Optional::stream).findFirst();
    }

    static Optional<KernelLink> of(Family family) {
        for (ClassLoader loader : loaders()) {
            try {
                Class<?> door = Class.forName(family.kernel(), true, loader);
                Object kernel = door.getMethod(family.instance()).invoke(null);
                if (kernel != null) {
                    return Optional.of(new KernelLink(kernel, Class.forName(family.display(), true, loader)));
                }
            } catch (ClassNotFoundException | LinkageError e) {
                // not this family, or not (or not all of it) visible from this loader
            } catch (InvocationTargetException e) {
                // its classes are here, but it does not run: a program that has a kernel on its class path
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(
                        "kernel must have the interface of " + family.name() + "; got " + e.getMessage(), e);
            }
        }
        return Optional.empty();
    }

    private static List<ClassLoader> loaders() {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        ClassLoader own = Objects.requireNonNull(KernelLink.class.getClassLoader());
        ClassLoader system = ClassLoader.getSystemClassLoader();
        return context == null ? List.of(own, system) : List.of(context, own, system);
    }

    /** Returns the kernel itself, so that a second link to it can be told. */
    public Object kernel() {
        return kernel;
    }

    /** Returns the name of the kernel's class: which kernel it is. */
    public String name() {
        return kernel.getClass().getName();
    }

    /** Makes the kernel show values of a type, and of types below it, as their bundles. */
    public <T> void renders(Class<T> type, Function<T, Bundle> page) {
        Object renderer = call(kernel, "getRenderer");
        Object registration = call(renderer, "createRegistration", Class.class, type);
        Object preferring = call(registration, "preferring", String[].class, TYPES);
        Method register = one(preferring, "register");
        Class<?> function = register.getParameterTypes()[0];
        Object render = Proxy.newProxyInstance(
                function.getClassLoader(), new Class<?>[] {function}, (self, method, arguments) -> {
                    if (method.getDeclaringClass() == Object.class) {
                        return switch (method.getName()) {
                            case "equals" -> self == arguments[0];
                            case "hashCode" -> System.identityHashCode(self);
                            default -> "renderer of " + type.getName();
                        };
                    }
                    put(shown(type, page, arguments[0]), call(arguments[1], "getOutputContainer"));
                    return null;
                });
        invoke(preferring, register, render);
    }

    // an Error in a renderer ends the shell thread of IJava and JJava, and with it the notebook
    private static <T> Bundle shown(Class<T> type, Function<T, Bundle> page, Object value) {
        try {
            return page.apply(type.cast(value));
        } catch (LinkageError e) {
            throw new IllegalStateException(type.getSimpleName() + " must be showable here; got " + e, e);
        }
    }

    private static void put(Bundle bundle, Object container) {
        bundle.data()
                .forEach((type, content) ->
                        call(container, "putData", new Class<?>[] {String.class, Object.class}, type, content));
        bundle.metadata()
                .forEach((type, content) ->
                        call(container, "putMetaData", new Class<?>[] {String.class, Object.class}, type, content));
    }

    /** Shows a bundle under the running cell and returns the name under which it can be changed. */
    public String display(Bundle bundle) {
        return String.valueOf(call(null, display, "display", new Class<?>[] {Object.class}, bundle));
    }

    /** Changes a bundle that was shown, wherever it stands now. */
    public void update(String id, Bundle bundle) {
        call(null, display, "updateDisplay", new Class<?>[] {String.class, Object.class}, id, bundle);
    }

    private static Object call(Object target, String method) {
        return call(target, method, new Class<?>[0]);
    }

    private static Object call(Object target, String method, Class<?> type, Object argument) {
        // an array is one argument here, not many
        Object[] arguments = (Object[]) Array.newInstance(Object.class, 1);
        arguments[0] = argument;
        return call(target, method, new Class<?>[] {type}, arguments);
    }

    private static Object call(Object target, String method, Class<?>[] types, Object... arguments) {
        Object result = call(target, target.getClass(), method, types, arguments);
        return result == null ? target : result;
    }

    private static @Nullable Object call(
            @Nullable Object target, Class<?> owner, String method, Class<?>[] types, Object... arguments) {
        try {
            return invoke(target, owner.getMethod(method, types), arguments);
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("kernel must have IJava's interface; got no method " + e.getMessage(), e);
        }
    }

    private static Method one(Object target, String name) {
        for (Method method : target.getClass().getMethods()) {
            if (method.getName().equals(name) && method.getParameterCount() == 1) {
                return method;
            }
        }
        throw new IllegalStateException("kernel must have IJava's interface; got no method " + name);
    }

    private static @Nullable Object invoke(@Nullable Object target, Method method, Object... arguments) {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException("kernel must be able to show this; got " + e.getCause(), e);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("kernel must have a public interface; got " + e.getMessage(), e);
        }
    }
}
