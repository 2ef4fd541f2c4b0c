package org.anycastdns.testkit;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.lang.classfile.instruction.LineNumber;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The architecture of one module as a table, held against its class files: which package may
/// import which, which packages are pure (no I/O, no clock, no thread, no randomness, no logging),
/// and how long a method may be.
///
/// @param root the root package, e.g. `org.anycastdns.server`
/// @param arrows package (relative to the root, "" for the root itself) to the packages it may
///   import; a package that is not a key is an error, so that a new one is a decision
/// @param pure the packages that hold decisions only
public record Tidy(String root, Map<String, Set<String>> arrows, Set<String> pure) {

    /// The longest method, in source lines: it fits on a screen.
    public static final int METHOD_LINES_MAX = 70;

    /// Calls no pure package may make, as "owner.name"; a trailing dot stands for every member.
    private static final List<String> BANNED_IN_PURE =
            List.of(
                    "java/time/Instant.now",
                    "java/time/Clock.",
                    "java/lang/System.currentTimeMillis",
                    "java/lang/System.nanoTime",
                    "java/lang/System.getProperty",
                    "java/lang/System.getenv",
                    "java/lang/Thread.",
                    "java/util/concurrent/ThreadLocalRandom.",
                    "java/util/concurrent/Executors.",
                    "java/lang/Math.random",
                    "java/util/UUID.randomUUID",
                    "java/security/SecureRandom.",
                    "java/nio/file/Files.",
                    "java/io/File.",
                    "java/io/FileInputStream.",
                    "java/io/FileOutputStream.",
                    "java/net/Socket.",
                    "java/net/ServerSocket.",
                    "java/net/InetAddress.getByName",
                    "java/net/InetAddress.getAllByName",
                    "java/nio/channels/",
                    "org/slf4j/",
                    "io/netty/",
                    "io/micrometer/");

    /// Calls no package may make, tests included: standard output belongs to the programs' printer,
    /// and who waits waits for an event, not for time to pass. These are names that are looked for;
    /// nothing here calls them.
    private static final List<String> BANNED_EVERYWHERE =
            List.of("java/lang/Throwable.printStackTrace", "java/lang/Thread.sleep");

    private static final Pattern CLASS_IN_DESCRIPTOR = Pattern.compile("L([\\w/$]+);");

    /// Every breach of the table among the classes below a folder, one line each; empty when tidy.
    ///
    /// @param classes the module's folder of class files
    public List<String> breaches(Path classes) throws IOException {
        List<String> breaches = new ArrayList<>();
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".class")).toList()) {
                inspect(ClassFile.of().parse(file), breaches);
            }
        }
        return breaches;
    }

    /// The packages that really are there, each with the packages of this module that it imports.
    public Map<String, Set<String>> imports(Path classes) throws IOException {
        Map<String, Set<String>> imports = new TreeMap<>();
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".class")).toList()) {
                ClassModel model = ClassFile.of().parse(file);
                imports.computeIfAbsent(packageOf(name(model)), _ -> new TreeSet<>())
                        .addAll(importsOf(model));
            }
        }
        return imports;
    }

    /// The classes, relative to the root and without their inner ones, that make one of these
    /// calls.
    ///
    /// @param calls as "owner.name", e.g. `java/lang/System.nanoTime`
    public Set<String> callers(Path classes, List<String> calls) throws IOException {
        Set<String> callers = new TreeSet<>();
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".class")).toList()) {
                ClassModel model = ClassFile.of().parse(file);
                if (callsOf(model).stream().anyMatch(call -> matches(call, calls))) {
                    callers.add(name(model).substring(root.length() + 1).replaceFirst("\\$.*", ""));
                }
            }
        }
        return callers;
    }

    private void inspect(ClassModel model, List<String> breaches) {
        String name = name(model);
        if (name.endsWith("package-info")) {
            return;
        }
        String from = packageOf(name);
        Set<String> allowed = arrows.get(from);
        if (allowed == null) {
            breaches.add(name + ": package '" + from + "' is not in the architecture table");
            return;
        }
        for (String to : importsOf(model)) {
            if (!to.equals(from) && !allowed.contains(to)) {
                breaches.add(name + ": " + from + " must not import " + to);
            }
        }
        for (String call : callsOf(model)) {
            if (matches(call, BANNED_EVERYWHERE)
                    || (pure.contains(from) && matches(call, BANNED_IN_PURE))) {
                breaches.add(name + ": " + from + " must not call " + call);
            }
        }
        for (MethodModel method : model.methods()) {
            int lines = lines(method);
            if (lines > METHOD_LINES_MAX) {
                breaches.add(name + "." + method.methodName() + " has " + lines + " lines");
            }
        }
    }

    private static boolean matches(String call, List<String> banned) {
        return banned.stream()
                .anyMatch(entry ->
                        (entry.endsWith(".") || entry.endsWith("/"))
                                ? call.startsWith(entry)
                                : call.equals(entry));
    }

    private static Set<String> callsOf(ClassModel model) {
        Set<String> calls = new TreeSet<>();
        for (PoolEntry entry : model.constantPool()) {
            if (entry instanceof MemberRefEntry member) {
                calls.add(member.owner().asInternalName() + "." + member.name().stringValue());
            }
        }
        return calls;
    }

    private Set<String> importsOf(ClassModel model) {
        Set<String> packages = new TreeSet<>();
        for (PoolEntry entry : model.constantPool()) {
            switch (entry) {
                case ClassEntry type -> addPackage(type.asInternalName(), packages);
                case Utf8Entry text -> {
                    Matcher matcher = CLASS_IN_DESCRIPTOR.matcher(text.stringValue());
                    while (matcher.find()) {
                        addPackage(matcher.group(1), packages);
                    }
                }
                default -> {}
            }
        }
        return packages;
    }

    private void addPackage(String internalName, Set<String> packages) {
        String name = internalName.replace('/', '.');
        while (name.startsWith("[")) {
            name = name.substring(1);
        }
        if (name.startsWith(root + ".")) {
            packages.add(packageOf(name));
        }
    }

    private String packageOf(String className) {
        String inside = className.substring(root.length() + 1);
        int dot = inside.lastIndexOf('.');
        return dot < 0 ? "" : inside.substring(0, dot);
    }

    private static String name(ClassModel model) {
        return model.thisClass().asInternalName().replace('/', '.');
    }

    /// Source lines from the first to the last line number of a method; lambdas count as methods of
    /// their own. A constructor holds the initialisers of fields all over the class, so there only
    /// the lines with code count.
    private static int lines(MethodModel method) {
        int[] lines =
                method.code().stream()
                        .flatMap(code -> ((CodeAttribute) code).elementStream())
                        .filter(LineNumber.class::isInstance)
                        .mapToInt(element -> ((LineNumber) element).line())
                        .distinct()
                        .sorted()
                        .toArray();
        if (lines.length == 0 || method.methodName().equalsString("<clinit>")) {
            return 0;
        }
        return method.methodName().equalsString("<init>")
                ? lines.length
                : lines[lines.length - 1] - lines[0] + 2;
    }
}
