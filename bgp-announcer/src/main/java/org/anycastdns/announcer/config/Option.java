package org.anycastdns.announcer.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// What the operator needs to know about one option; stands on the record component that holds it.
/// The option's key is the component's name with hyphens: `routerId` is `router-id`.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
@interface Option {

    /// The default of an option that must be given.
    String REQUIRED = "(required)";

    /// The default of an option that may be left out: null, or the empty list.
    String ABSENT = "";

    /// The default of a group of options that all have one.
    String DEFAULTS = "{}";

    /// One sentence: what it is, with its unit.
    String value();

    /// The value when the key is absent, as it would stand in the file.
    String byDefault() default REQUIRED;

    /// The smallest number, or the fewest entries of a list.
    long min() default Long.MIN_VALUE;

    /// The largest number, or the most entries of a list.
    long max() default Long.MAX_VALUE;
}
