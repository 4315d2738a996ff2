// SPDX-License-Identifier: Apache-2.0
package org.lamella.kernel;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.IincInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Weaves {@link Interrupts#check} into the classes of cells, so that an endless loop or recursion can be ended: before every
 * jump back, and at the start of every method that calls another of the notebook and of every lambda.
 *
 * <p>Innermost counted loops without calls end by themselves and are left alone, so that the virtual machine can still
 * vectorise them: a check in there makes a matrix product five times slower. The call leaves the stack as it is, so no frame
 * of a class has to be computed again.
 */
final class LoopChecks {

    private static final String OWNER = Type.getInternalName(Interrupts.class);

    private LoopChecks() {}

    /** Returns the class with checks; as it was if its format is newer than what can be read. */
    static byte[] weave(byte[] bytecodes) {
        ClassNode type = new ClassNode();
        try {
            new ClassReader(bytecodes).accept(type, 0);
        } catch (IllegalArgumentException unknownFormat) {
            return bytecodes;
        }
        for (MethodNode method : type.methods) {
            weave(method);
        }
        ClassWriter writer = new ClassWriter(0);
        type.accept(writer);
        return writer.toByteArray();
    }

    private static void weave(MethodNode method) {
        if (method.instructions.size() == 0) {
            return;
        }
        AbstractInsnNode[] code = method.instructions.toArray();
        List<Loop> loops = loops(code);
        for (Loop loop : loops) {
            if (!endsByItself(loop, loops, code)) {
                method.instructions.insertBefore(code[loop.end()], check());
            }
        }
        boolean lambda = method.name.startsWith("lambda$");
        if (lambda || (!method.name.startsWith("<") && callsNotebookMethod(code))) {
            method.instructions.insert(check());
        }
    }

    private static InsnList check() {
        InsnList call = new InsnList();
        call.add(new MethodInsnNode(Opcodes.INVOKESTATIC, OWNER, "check", "()V", false));
        return call;
    }

    /** From the label that is jumped back to, to the jump. */
    private record Loop(int start, int end) {
        boolean contains(Loop other) {
            return !equals(other) && start <= other.start && other.end <= end;
        }
    }

    private static List<Loop> loops(AbstractInsnNode[] code) {
        IdentityHashMap<AbstractInsnNode, Integer> positions = new IdentityHashMap<>();
        List<Loop> loops = new ArrayList<>();
        for (int at = 0; at < code.length; at++) {
            positions.put(code[at], at);
            if (code[at] instanceof JumpInsnNode jump) {
                Integer target = positions.get(jump.label);
                if (target != null) {
                    loops.add(new Loop(target, at));
                }
            }
        }
        return loops;
    }

    private static boolean callsNotebookMethod(AbstractInsnNode[] code) {
        for (AbstractInsnNode instruction : code) {
            if (instruction instanceof MethodInsnNode call && call.owner.startsWith("REPL/")) {
                return true;
            }
        }
        return false;
    }

    /** Whether a loop is the innermost, has no calls, and counts a variable that nothing else writes up to its first test. */
    private static boolean endsByItself(Loop loop, List<Loop> loops, AbstractInsnNode[] code) {
        if (loops.stream().anyMatch(loop::contains) || !(lastBefore(code, loop) instanceof IincInsnNode step)) {
            return false;
        }
        if (step.incr == 0 || !startsWithTestOf(step.var, loop, code)) {
            return false;
        }
        for (int at = loop.start(); at < loop.end(); at++) {
            AbstractInsnNode instruction = code[at];
            boolean call = instruction instanceof MethodInsnNode || instruction instanceof InvokeDynamicInsnNode;
            boolean write = instruction instanceof VarInsnNode store
                    && store.getOpcode() == Opcodes.ISTORE
                    && store.var == step.var;
            boolean otherStep = instruction instanceof IincInsnNode other && other != step && other.var == step.var;
            if (call || write || otherStep) {
                return false;
            }
        }
        return true;
    }

    private static AbstractInsnNode lastBefore(AbstractInsnNode[] code, Loop loop) {
        int at = loop.end() - 1;
        while (at > loop.start() && code[at].getOpcode() < 0) {
            at--;
        }
        return code[at];
    }

    private static boolean startsWithTestOf(int variable, Loop loop, AbstractInsnNode[] code) {
        boolean loaded = false;
        for (int at = loop.start(); at < loop.end(); at++) {
            AbstractInsnNode instruction = code[at];
            if (!loaded && instruction.getOpcode() >= 0) {
                if (!(instruction instanceof VarInsnNode load) || load.var != variable) {
                    return false;
                }
                loaded = true;
            } else if (instruction instanceof JumpInsnNode) {
                int test = instruction.getOpcode();
                return test >= Opcodes.IFEQ && test <= Opcodes.IF_ICMPLE;
            }
        }
        return false;
    }
}
