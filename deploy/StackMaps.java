import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;

/// Copies a jar and gives its classes the stack maps that class files have had since Java 6 (JVMS section 4.7.4).
///
/// An AOT cache takes no class without them, and picocli is compiled for Java 5: without this, verifying and linking
/// its classes is half of the time that a program takes to start. The code of the methods stays what it is.
///
/// Usage: `java StackMaps.java FROM.jar TO.jar`
void main(String[] arguments) throws IOException {
    Path from = Path.of(arguments[0]);
    Path to = Path.of(arguments[1]);
    Files.createDirectories(to.toAbsolutePath().getParent());
    try (JarFile jar = new JarFile(from.toFile());
            URLClassLoader classes = new URLClassLoader(new URL[] {from.toUri().toURL()});
            OutputStream file = new BufferedOutputStream(Files.newOutputStream(to));
            JarOutputStream copy = new JarOutputStream(file)) {
        ClassFile format = format(classes);
        for (JarEntry entry : jar.stream().toList()) {
            byte[] content = jar.getInputStream(entry).readAllBytes();
            JarEntry copied = new JarEntry(entry.getName());
            // Of the original: the same jar gives the same copy, whenever it is made.
            copied.setTimeLocal(entry.getTimeLocal());
            copy.putNextEntry(copied);
            copy.write(entry.getName().endsWith(".class") ? withStackMaps(format, entry.getName(), content) : content);
        }
    }
}

/// The first class-file version in which every method has stack maps.
static final int JAVA_8 = ClassFile.JAVA_8_VERSION;

static ClassFile format(ClassLoader classes) {
    ClassHierarchyResolver hierarchy =
            ClassHierarchyResolver.ofResourceParsing(classes).orElse(ClassHierarchyResolver.defaultResolver());
    return ClassFile.of(StackMapsOption.GENERATE_STACK_MAPS, ClassHierarchyResolverOption.of(hierarchy));
}

static byte[] withStackMaps(ClassFile format, String name, byte[] original) throws IOException {
    ClassModel model = format.parse(original);
    if (model.majorVersion() >= JAVA_8) {
        return original;
    }
    // Stack maps are made for code that is written anew.
    MethodTransform methods = MethodTransform.transformingCode(CodeTransform.ACCEPT_ALL::accept);
    ClassTransform raised =
            (into, element) -> {
                switch (element) {
                    case ClassFileVersion _ -> into.withVersion(JAVA_8, 0);
                    case MethodModel method -> into.transformMethod(method, methods);
                    default -> into.with(element);
                }
            };
    byte[] copy = format.transformClass(model, raised);
    List<VerifyError> faults = format.verify(copy);
    if (!faults.isEmpty()) {
        throw new IOException(name + ": " + faults.getFirst().getMessage());
    }
    return copy;
}
