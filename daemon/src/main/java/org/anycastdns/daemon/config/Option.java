package org.anycastdns.daemon.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Describes one option; the option is the annotated record component. Its key in the file is the
/// component's name with dashes: `routerId` is `router-id`. A record whose components are options
/// is a group of options.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Option {

    /// The default of an option that the operator must set.
    String REQUIRED = "(required)";

    /// The default of an option that may be left out: null, an empty list or an empty map.
    String ABSENT = "(absent)";

    /// The most entries of a list that states no limit of its own: more than any real one has.
    int ENTRIES_MAX = 1000;

    /// Describes the option to the operator; the first sentence is a summary. Empty if [#inline].
    String value();

    /// The key, where the component cannot have its name, because Java's objects have a method of
    /// that name. Normally empty: the key follows from the component's name.
    String key() default "";

    /// The value when the key is absent, written as in the file. The items of a list are separated
    /// by spaces. A group needs none: it has the defaults of its options, and is required if one of
    /// them is. [#ABSENT] makes a group optional: null unless the file has it.
    String byDefault() default REQUIRED;

    /// What the program detects when the option is not set, for the documents. Empty if it detects
    /// nothing.
    String detected() default "";

    /// The smallest value, written as in the file; for text the least octets, normally 1.
    String min() default "";

    /// The largest value, written as in the file; for text the most octets.
    String max() default "";

    /// The least entries of a list that is set.
    int entriesMin() default 1;

    /// The most entries of a list.
    int entriesMax() default ENTRIES_MAX;

    /// Whether the component is a record whose options are written among the others of its group,
    /// as if each were a component there. So groups share options without a key of their own.
    boolean inline() default false;

    /// The key of the group, or of each group of a list, to which a single value without keys is
    /// assigned. Empty if the keys must be written.
    String alone() default "";

    /// The placeholder for the value of a flag of `run` with the option's name, e.g. `HOST:PORT`.
    /// Empty if there is no such flag. The value of a boolean option is not written.
    String flag() default "";
}
