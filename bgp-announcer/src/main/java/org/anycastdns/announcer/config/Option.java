package org.anycastdns.announcer.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Describes one option to the operator, on the record component that holds it. The option's key is
/// the component's name with hyphens: `routerId` is `router-id`.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
@interface Option {

    /// The default of a required option.
    String REQUIRED = "(required)";

    /// The default of an option that may be left out: null, or the empty list.
    String ABSENT = "";

    /// The default of a group of options that all have defaults.
    String DEFAULTS = "{}";

    /// Describes the option in one sentence, with its unit.
    String value();

    /// The value when the key is absent, written as in the file.
    String byDefault() default REQUIRED;

    /// The minimum number, or the minimum number of list entries.
    long min() default Long.MIN_VALUE;

    /// The maximum number, or the maximum number of list entries.
    long max() default Long.MAX_VALUE;
}
