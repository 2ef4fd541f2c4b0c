package org.anycastdns.server.reload;

import java.nio.file.Path;
import org.anycastdns.server.zonefile.FaultException;
import org.anycastdns.server.zonefile.problem.Problem;

/// Describes an internal error to the operator: enough to find it, and nothing of the content of a
/// zone file.
final class Fault {

    private Fault() {}

    /// Returns an internal error as a problem of one zone.
    ///
    /// @param doing completes the sentence "internal error while ..."
    static Problem problem(Path file, String doing, Throwable cause) {
        String text = text(doing, cause);
        return cause instanceof FaultException at
                ? new Problem(
                        at.at().file(),
                        at.at().line(),
                        at.at().column(),
                        Problem.Severity.ERROR,
                        text)
                : FolderSnapshot.error(file, text);
    }

    private static String text(String doing, Throwable cause) {
        Throwable root = root(cause);
        return root instanceof OutOfMemoryError
                ? "this process has too little memory for "
                        + doing
                        + " this zone; its previous version, if any, stays in service. Give the"
                        + " process more memory (-Xmx, -XX:MaxRAM), or lower"
                        + " limits.zone-memory so that such zones are refused sooner"
                : "internal error (%s) while %s this zone; its previous version, if any, stays in service. Please report this"
                        .formatted(kind(root), doing);
    }

    /// Returns the class of an error and where it happened, such as "NullPointerException at
    /// Zone.java:12".
    static String kind(Throwable cause) {
        Throwable root = root(cause);
        String name = root.getClass().getSimpleName();
        for (StackTraceElement frame : root.getStackTrace()) {
            if (frame.getClassName().startsWith("org.anycastdns.")) {
                return "%s at %s:%d".formatted(name, frame.getFileName(), frame.getLineNumber());
            }
        }
        return name;
    }

    private static Throwable root(Throwable cause) {
        return cause instanceof FaultException && cause.getCause() != null
                ? cause.getCause()
                : cause;
    }
}
