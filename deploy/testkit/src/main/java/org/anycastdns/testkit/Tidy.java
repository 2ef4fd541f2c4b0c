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
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The architecture of one module as a table, checked against its class and source files:
///
/// - a package imports only along the arrows, and every package of the table exists;
/// - neither packages nor files of different packages import each other in a cycle;
/// - pure packages hold decisions only (no I/O, no clock, no thread, no randomness, no logging);
/// - a method has at most 70 lines, a file at most 500;
/// - a package has at most 20 types, or its doc gives the reason (`More than 20 types because
///   ...`);
/// - no two top-level types share a simple name.
///
/// What an annotation processor writes (packages that end in `_generated`) is not checked.
///
/// @param root the root package, e.g. `org.anycastdns.server`
/// @param arrows package (relative to the root, "" for the root itself) to the packages it may
///   import; a package that is not a key is an error, so that a new one is a decision
/// @param pure the packages that hold decisions only
/// @param exceptions the beginnings of breaches that are known and still to be mended; one that no
///   breach begins with is a breach itself
public record Tidy(
        String root,
        Map<String, Set<String>> arrows,
        Set<String> pure,
        SortedSet<String> exceptions) {

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
                    "io/micrometer/",
                    "org/anycastdns/daemon/");

    /// Calls no package may make, tests included: standard output belongs to the programs' printer,
    /// and who waits waits for an event, not for time to pass. These are names that are looked for;
    /// nothing here calls them.
    private static final List<String> BANNED_EVERYWHERE =
            List.of("java/lang/Throwable.printStackTrace", "java/lang/Thread.sleep");

    private static final Pattern CLASS_IN_DESCRIPTOR = Pattern.compile("L([\\w/$]+);");

    /// A table without exceptions.
    public Tidy(String root, Map<String, Set<String>> arrows, Set<String> pure) {
        this(root, arrows, pure, Collections.emptySortedSet());
    }

    /// Returns the table with exceptions, each the beginning of a breach.
    public Tidy except(String... known) {
        return new Tidy(root, arrows, pure, new TreeSet<>(List.of(known)));
    }

    /// Returns every breach that is no known exception, one line each; empty when tidy.
    ///
    /// @param module the module's folder, built
    public List<String> breaches(Path module) throws IOException {
        Path folder = module.toAbsolutePath();
        Path classes = folder.resolve("target/classes");
        List<String> breaches = new ArrayList<>();
        for (ClassModel model : models(classes)) {
            inspect(model, breaches);
        }
        arrange(classes, breaches);
        breaches.addAll(SourceRules.breaches(folder, root));
        return unexpected(breaches);
    }

    private List<String> unexpected(List<String> breaches) {
        List<String> unexpected = new ArrayList<>();
        Set<String> unused = new TreeSet<>(exceptions);
        for (String breach : breaches) {
            List<String> known = exceptions.stream().filter(breach::startsWith).toList();
            unused.removeAll(known);
            if (known.isEmpty()) {
                unexpected.add(breach);
            }
        }
        unused.forEach(each -> unexpected.add("no exception is needed any more: " + each));
        return unexpected;
    }

    /// Checks the packages as a whole.
    private void arrange(Path classes, List<String> breaches) throws IOException {
        Map<String, Set<String>> packages = imports(classes);
        Set<String> named = new TreeSet<>(arrows.keySet());
        arrows.values().forEach(named::addAll);
        named.removeAll(packages.keySet());
        named.forEach(
                each -> breaches.add("package '" + each + "': in the table, but nowhere else"));
        packages.forEach((name, imported) -> imported.remove(name));
        Cycles.of(packages).forEach(cycle -> breaches.add("packages in a cycle: " + cycle));
        for (Set<String> cycle : Cycles.of(files(classes))) {
            if (cycle.stream().map(this::packageOf).distinct().count() > 1) {
                breaches.add("files in a cycle: " + cycle);
            }
        }
    }

    /// Returns the source files as the names of their types, each with those it refers to.
    private Map<String, Set<String>> files(Path classes) throws IOException {
        Map<String, Set<String>> files = new TreeMap<>();
        for (ClassModel model : models(classes)) {
            Set<String> referred =
                    files.computeIfAbsent(outermost(name(model)), _ -> new TreeSet<>());
            typesOf(model).forEach(type -> referred.add(outermost(type)));
        }
        return files;
    }

    private static String outermost(String className) {
        return className.replaceFirst("\\$.*", "");
    }

    /// Returns the module's own classes.
    private static List<ClassModel> models(Path classes) throws IOException {
        List<ClassModel> models = new ArrayList<>();
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".class")).toList()) {
                ClassModel model = ClassFile.of().parse(file);
                if (!name(model).contains("_generated.")) {
                    models.add(model);
                }
            }
        }
        return models;
    }

    /// The packages that really are there, each with the packages of this module that it imports.
    public Map<String, Set<String>> imports(Path classes) throws IOException {
        Map<String, Set<String>> imports = new TreeMap<>();
        for (ClassModel model : models(classes)) {
            imports.computeIfAbsent(packageOf(name(model)), _ -> new TreeSet<>())
                    .addAll(importsOf(model));
        }
        return imports;
    }

    /// The classes, relative to the root and without their inner ones, that make one of these
    /// calls.
    ///
    /// @param calls as "owner.name", e.g. `java/lang/System.nanoTime`
    public Set<String> callers(Path classes, List<String> calls) throws IOException {
        Set<String> callers = new TreeSet<>();
        for (ClassModel model : models(classes)) {
            if (callsOf(model).stream().anyMatch(call -> matches(call, calls))) {
                callers.add(outermost(name(model).substring(root.length() + 1)));
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
        typesOf(model).forEach(type -> packages.add(packageOf(type)));
        return packages;
    }

    /// Returns the types of this module that a class refers to.
    private Set<String> typesOf(ClassModel model) {
        Set<String> types = new TreeSet<>();
        for (PoolEntry entry : model.constantPool()) {
            switch (entry) {
                case ClassEntry type -> addType(type.asInternalName(), types);
                case Utf8Entry text -> {
                    Matcher matcher = CLASS_IN_DESCRIPTOR.matcher(text.stringValue());
                    while (matcher.find()) {
                        addType(matcher.group(1), types);
                    }
                }
                default -> {}
            }
        }
        return types;
    }

    private void addType(String internalName, Set<String> types) {
        String name = internalName.replace('/', '.').replaceFirst("^\\[+L?", "").replace(";", "");
        if (name.startsWith(root + ".") && !name.contains("_generated.")) {
            types.add(name);
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
    /// their own. A constructor holds the initializers of fields all over the class, so there only
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
