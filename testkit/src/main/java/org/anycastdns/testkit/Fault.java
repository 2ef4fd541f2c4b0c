package org.anycastdns.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;

/// A fault that a test injects into a running program: one of its methods throws once a file
/// exists. A Java agent in the program's JVM does this; the program itself contains no code for it.
///
/// @param className class of the method, with its package
/// @param method name of the method
/// @param file while it exists, the method throws
/// @param times how often the method throws; -1 makes it fill the heap instead
public record Fault(String className, String method, Path file, int times) {

    private static final ClassDesc THIS = ClassDesc.of("org.anycastdns.testkit.Fault");
    private static final MethodTypeDesc NOTHING = MethodTypeDesc.ofDescriptor("()V");

    /// The message of the exception.
    public static final String MESSAGE = "injected by a test";

    private static Path trigger = Path.of("");
    private static final AtomicInteger LEFT = new AtomicInteger();

    /// Returns the JVM option that loads the agent. The agent's JAR file is created in a folder.
    public String option(Path folder) throws IOException {
        Path jar = folder.resolve("fault.jar");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", Fault.class.getName());
        manifest.getMainAttributes().putValue("Can-Retransform-Classes", "true");
        String entry = Fault.class.getName().replace('.', '/') + ".class";
        String thrower = entry.replace(".class", "$Thrower.class");
        String transform = entry.replace(".class", "$Thrower$1.class");
        try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            for (String each : new String[] {entry, thrower, transform}) {
                out.putNextEntry(new JarEntry(each));
                try (InputStream in = Fault.class.getResourceAsStream("/" + each)) {
                    long _ = Objects.requireNonNull(in, each).transferTo(out);
                }
            }
        }
        return "-javaagent:" + jar + "=" + className + "," + method + "," + times + "," + file;
    }

    /// Triggers the fault.
    public void inject() throws IOException {
        Files.createFile(file);
    }

    /// Registers the transformer. The JVM calls this before the program's main.
    public static void premain(String arguments, Instrumentation instrumentation) {
        String[] parts = arguments.split(",", 4);
        LEFT.set(Integer.parseInt(parts[2]));
        trigger = Path.of(parts[3]);
        instrumentation.addTransformer(new Thrower(parts[0].replace('.', '/'), parts[1]), true);
    }

    /// Throws or fills the heap if the fault is triggered. The patched method calls this first.
    public static void check() {
        if (LEFT.get() < 0 && Files.exists(trigger)) {
            fillHeap();
        }
        if (LEFT.get() > 0 && Files.exists(trigger) && LEFT.getAndDecrement() > 0) {
            throw new IllegalStateException(MESSAGE);
        }
    }

    private static void fillHeap() {
        Object[] all = {};
        while (true) {
            all = new Object[] {all, new long[1 << 20]};
        }
    }

    /// Inserts a call of {@link #check} at the beginning of a method.
    private record Thrower(String type, String method) implements ClassFileTransformer {

        @Override
        public byte @Nullable [] transform(
                @Nullable ClassLoader loader,
                @Nullable String name,
                @Nullable Class<?> redefined,
                ProtectionDomain domain,
                byte[] octets) {
            if (!type.equals(name)) {
                return null;
            }
            ClassModel model = ClassFile.of().parse(octets);
            CodeTransform atStart =
                    CodeTransform.ofStateful(() ->
                            new CodeTransform() {
                                @Override
                                public void atStart(CodeBuilder builder) {
                                    builder.invokestatic(THIS, "check", NOTHING);
                                }

                                @Override
                                public void accept(CodeBuilder builder, CodeElement element) {
                                    builder.with(element);
                                }
                            });
            ClassTransform transform =
                    ClassTransform.transformingMethodBodies(
                            each -> each.methodName().equalsString(method), atStart);
            return ClassFile.of().transformClass(model, transform);
        }
    }
}
