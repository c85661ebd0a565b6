namespace Lambent.Kernel.Tests.Workflows.Definitions;

/// <summary>Definitions that are refused, each with all that is said of it.</summary>
internal static class DefinitionRules
{
    public const string Function = "arn:aws:lambda:us-east-1:000000000000:function:f";

    /// <summary>Definition, and what is said of it: <c>CODE: message at /location</c>, one after the other.</summary>
    public static IEnumerable<(string Definition, string[] Said)> All =>
        [.. Machines, .. States, .. Graphs, .. Tasks, .. ErrorHandling, .. Choices, .. Maps, .. Languages, .. Templates];

    /// <summary>A machine of one state X with these fields, which ends.</summary>
    private static string X(string fields) =>
        """{"StartAt":"X","States":{"X":{""" + fields + "}}}";

    private static string Task(string fields) =>
        X($$""" "Type":"Task","Resource":"{{Function}}","End":true{{(fields.Length > 0 ? "," : "")}}{{fields}} """);

    private static string Choice(string rule) =>
        """{"StartAt":"X","States":{"X":{"Type":"Choice","Choices":[""" + rule
        + """]},"Y":{"Type":"Succeed"}}}""";

    private static string Map(string fields, string processor = "") => X(
        """ "Type":"Map","End":true,"ItemProcessor":{""" + processor
        + """ "StartAt":"Y","States":{"Y":{"Type":"Succeed"}}}""" + fields);

    private const string Distributed = """ "ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},""";

    private static string Schema(string message, string location) => $"SCHEMA_VALIDATION_FAILED: {message} at {location}";

    private static IEnumerable<(string, string[])> Machines =>
    [
        ("", ["SCHEMA_VALIDATION_FAILED: Definition must be a valid JSON object"]),
        ("[]", ["SCHEMA_VALIDATION_FAILED: Definition must be a valid JSON object"]),
        ("{}", [Schema("These fields are required: [States, StartAt]", "/")]),
        ("""{"States":{"A":{"Type":"Succeed"}}}""", [Schema("These fields are required: [StartAt]", "/")]),
        ("""{"StartAt":"A","States":{}}""", [Schema("Value cannot be empty", "/States")]),
        ("""{"StartAt":"A","States":[]}""", [Schema("Expected value of type [OBJECT]", "/States")]),
        ("""{"StartAt":"A","states":1,"States":{"A":{"Type":"Succeed"}}}""", [Schema("Field 'states' is not supported", "/")]),
        ("""{"StartAt":"A","Version":"2.0","States":{"A":{"Type":"Succeed"}}}""",
            [Schema("Value should be one of the following: [1.0]", "/Version")]),
        ("""{"StartAt":"A","TimeoutSeconds":0,"States":{"A":{"Type":"Succeed"}}}""",
            [Schema("Value should be between 1 and 99999999", "/TimeoutSeconds")]),
        ("""{"StartAt":"A","TimeoutSeconds":"9","States":{"A":{"Type":"Succeed"}}}""",
            [Schema("Expected value of type [INTEGER]", "/TimeoutSeconds")]),
        ("""{"StartAt":"A","QueryLanguage":"jsonata","States":{"A":{"Type":"Succeed"}}}""",
            [Schema("Value should be one of the following: [JSONPath, JSONata]", "/QueryLanguage")]),
        ("""{"StartAt":"A","QueryLanguage":1,"States":{"A":{"Type":"Succeed"}}}""",
            [Schema("Expected value of type [STRING]", "/QueryLanguage")]),
    ];

    private static IEnumerable<(string, string[])> States =>
    [
        (X(""), [Schema("These fields are required: [Type]", "/States/X")]),
        (X(""" "Type":"Tusk" """), [Schema(
            "The field 'Type' should have one of these values: [Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map]",
            "/States/X/Type")]),
        (X(""" "Type":"Pass" """),
            [Schema("This object should have only one of the following fields: [Next, End]", "/States/X")]),
        (X(""" "Type":"Pass","Next":"X","End":true """),
            [Schema("There should only be one of the following fields: [Next, End]", "/States/X")]),
        (X(""" "Type":"Pass","End":"yes" """),
        [
            Schema("Expected value of type [BOOLEAN]", "/States/X/End"),
            Schema("This object should have only one of the following fields: [Next, End]", "/States/X"),
        ]),
        (X(""" "Type":"Succeed","End":true """), [Schema("Field 'End' is not supported", "/States/X")]),
        (X(""" "Type":"Fail","Next":"X" """), [Schema("Field 'Next' is not supported", "/States/X")]),
        (X(""" "Type":"Pass","End":true,"Catch":[] """), [Schema("Field 'Catch' is not supported", "/States/X")]),
        (X(""" "Type":"Pass","End":true,"TimeoutSeconds":1 """),
            [Schema("Field 'TimeoutSeconds' is not supported", "/States/X")]),
        (X(""" "Type":"Succeed","Comment":1 """), [Schema("Expected value of type [STRING]", "/States/X/Comment")]),
        (X(""" "Type":"Wait","End":true """), [Schema(
            "This object should have only one of the following fields: [SecondsPath, Seconds, TimestampPath, Timestamp]",
            "/States/X")]),
        (X(""" "Type":"Wait","End":true,"Seconds":1,"SecondsPath":"$.s" """), [Schema(
            "There should only be one of the following fields: [SecondsPath, Seconds, TimestampPath, Timestamp]",
            "/States/X")]),
        (X(""" "Type":"Wait","End":true,"Seconds":-1 """),
            [Schema("Value should be between 0 and 99999999", "/States/X/Seconds")]),
        (X(""" "Type":"Wait","End":true,"Timestamp":"2026-01-01" """),
            [Schema("String does not match RFC3339 timestamp", "/States/X/Timestamp")]),
        (X(""" "Type":"Fail","Error":"E","ErrorPath":"$.e" """),
            [Schema("There should only be one of the following fields: [Error, ErrorPath]", "/States/X")]),
        (X(""" "Type":"Parallel","End":true,"Branches":[] """), [Schema("Value cannot be empty", "/States/X/Branches")]),
        (X(""" "Type":"Parallel","End":true """), [Schema("These fields are required: [Branches]", "/States/X")]),
        (X(""" "Type":"Parallel","End":true,"Branches":[{"StartAt":"Y"},7] """),
        [
            Schema("Expected value of type [OBJECT]", "/States/X/Branches[1]"),
            Schema("These fields are required: [States]", "/States/X/Branches[0]"),
        ]),
        (X(""" "Type":"Pass","InputPath":"x","End":true """),
            [Schema("Value must be a valid JSONPath. a path starts with '$'", "/States/X/InputPath")]),
        (X(""" "Type":"Pass","ResultPath":"x","End":true """),
            [Schema("Value is not a Reference Path: Reference path didn't start with '$'", "/States/X/ResultPath")]),
        (X(""" "Type":"Pass","ResultPath":"$.a[*]","End":true """),
            [Schema("Value is not a Reference Path: a reference path has only names and indexes", "/States/X/ResultPath")]),
        (X(""" "Type":"Pass","ResultPath":"$$.a","End":true """), [Schema(
            "Value is not a Reference Path: a result goes into the input, so that the path starts with '$.'",
            "/States/X/ResultPath")]),
    ];

    private static IEnumerable<(string, string[])> Graphs =>
    [
        ("""{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"C"},"B":{"Type":"Pass","End":true}}}""",
        [
            "MISSING_TRANSITION_TARGET: Missing 'Next' target: C at /States/A/Next",
            "MISSING_TRANSITION_TARGET: State \"B\" is not reachable. at /States/B",
        ]),
        ("""{"StartAt":"Z","States":{"B":{"Type":"Pass","End":true}}}""",
        [
            "MISSING_TRANSITION_TARGET: Missing 'Next' target: Z at /StartAt",
            "MISSING_TRANSITION_TARGET: State \"B\" is not reachable. at /States/B",
        ]),
        ("""{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"},"B":{"Type":"Pass","Next":"A"}}}""",
            ["MISSING_END_STATE: Workflow has no terminal state"]),
        ("""{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"NOPE"}}}""",
        [
            "MISSING_TRANSITION_TARGET: Missing 'Next' target: NOPE at /States/A/Next",
            "MISSING_END_STATE: Workflow has no terminal state",
        ]),
        ("""
         {"StartAt":"C","States":{"S":{"Type":"Succeed"},
         "C":{"Type":"Choice","Choices":[{"Variable":"$","IsNull":true,"Next":"N"}],"Default":"D"}}}
         """,
        [
            "MISSING_TRANSITION_TARGET: Missing 'Next' target: N at /States/C/Choices[0]/Next",
            "MISSING_TRANSITION_TARGET: Missing 'Next' target: D at /States/C/Default",
            "MISSING_TRANSITION_TARGET: State \"S\" is not reachable. at /States/S",
        ]),
        (Task(""" "Catch":[{"ErrorEquals":["E"],"Next":"N"}] """),
            ["MISSING_TRANSITION_TARGET: Missing 'Next' target: N at /States/X/Catch[0]/Next"]),
        ("""
         {"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,
         "Branches":[{"StartAt":"B","States":{"B":{"Type":"Pass","Next":"P"}}}]}}}
         """,
        [
            "MISSING_TRANSITION_TARGET: Missing 'Next' target: P at /States/P/Branches[0]/States/B/Next",
            "MISSING_END_STATE: Workflow has no terminal state at /States/P/Branches[0]",
        ]),
        ("""
         {"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,
         "Branches":[{"StartAt":"P","States":{"P":{"Type":"Succeed"}}}]}}}
         """, ["DUPLICATE_STATE_NAME: Duplicate State name: P at /States/P/Branches[0]/States/P"]),
        ("""{"StartAt":"N","States":{"N":{"Type":"Succeed"}}}""".Replace("N", new string('n', 81)),
        [
            $"INVALID_STATE_NAME: State name '{new string('n', 81)}' exceeds the 80-character limit allowed by the "
            + $"service at /States/{new string('n', 81)}",
        ]),
    ];

    private static IEnumerable<(string, string[])> Tasks =>
    [
        (X(""" "Type":"Task","End":true """), [Schema("These fields are required: [Resource]", "/States/X")]),
        (X(""" "Type":"Task","End":true,"Resource":7 """), [Schema("Expected value of type [STRING]", "/States/X/Resource")]),
        (Task(""" "TimeoutSeconds":5,"HeartbeatSeconds":5 """),
            [Schema("HeartbeatSeconds must be smaller than TimeoutSeconds", "/States/X/HeartbeatSeconds")]),
        (Task(""" "TimeoutSeconds":0 """), [Schema("Value should be between 1 and 99999999", "/States/X/TimeoutSeconds")]),
        (Task(""" "TimeoutSeconds":1.5 """), [Schema("Expected value of type [INTEGER]", "/States/X/TimeoutSeconds")]),
        (Task(""" "TimeoutSeconds":9,"TimeoutSecondsPath":"$.t" """),
            [Schema("There should only be one of the following fields: [TimeoutSeconds, TimeoutSecondsPath]", "/States/X")]),
        (Task(""" "HeartbeatSecondsPath":"$..h" """), [Schema(
            "Value is not a Reference Path: it has more than names and indexes", "/States/X/HeartbeatSecondsPath")]),
        (Task(""" "Credentials":{} """),
            [Schema("The field 'RoleArn' is required but was missing", "/States/X/Credentials")]),
        (Task(""" "Credentials":{"RoleArn":1} """), [Schema("Expected value of type [STRING]", "/States/X/Credentials/RoleArn")]),
    ];

    private static IEnumerable<(string, string[])> ErrorHandling =>
    [
        (Task(""" "Retry":[{}] """), [Schema("These fields are required: [ErrorEquals]", "/States/X/Retry[0]")]),
        (Task(""" "Retry":[{"ErrorEquals":[]}] """), [Schema("Value cannot be empty", "/States/X/Retry[0]/ErrorEquals")]),
        (Task(""" "Retry":[{"ErrorEquals":[7]}] """),
            [Schema("Expected value of type [STRING]", "/States/X/Retry[0]/ErrorEquals[0]")]),
        (Task(""" "Retry":{} """), [Schema("Expected value of type [ARRAY]", "/States/X/Retry")]),
        (Task(""" "Retry":[{"ErrorEquals":["States.ALL"]},{"ErrorEquals":["E"]}] """),
            [Schema("States.ALL must appear alone and at end of list", "/States/X/Retry[0]/ErrorEquals[0]")]),
        (Task(""" "Retry":[{"ErrorEquals":["E","States.ALL"]}] """),
            [Schema("States.ALL must appear alone and at end of list", "/States/X/Retry[0]/ErrorEquals[1]")]),
        (Task(""" "Retry":[{"ErrorEquals":["E"],"IntervalSeconds":0}] """),
            [Schema("Value should be between 1 and 99999999", "/States/X/Retry[0]/IntervalSeconds")]),
        (Task(""" "Retry":[{"ErrorEquals":["E"],"MaxAttempts":-1}] """),
            [Schema("Value should be between 0 and 99999999", "/States/X/Retry[0]/MaxAttempts")]),
        (Task(""" "Retry":[{"ErrorEquals":["E"],"BackoffRate":0.5}] """),
            [Schema("Value should be between 1 and 99999999", "/States/X/Retry[0]/BackoffRate")]),
        (Task(""" "Retry":[{"ErrorEquals":["E"],"IntervalSeconds":9,"MaxDelaySeconds":9}] """),
            [Schema("Value must be greater than 'IntervalSeconds'", "/States/X/Retry[0]/MaxDelaySeconds")]),
        (Task(""" "Retry":[{"ErrorEquals":["E"],"MaxDelaySeconds":31622400}] """),
            [Schema("Value should be between 1 and 31622399", "/States/X/Retry[0]/MaxDelaySeconds")]),
        (Task(""" "Retry":[{"ErrorEquals":["E"],"JitterStrategy":"HALF"}] """),
            [Schema("Value should be one of the following: [NONE, FULL]", "/States/X/Retry[0]/JitterStrategy")]),
        (Task(""" "Retry":[{"ErrorEquals":["E"],"Next":"X"}] """),
            [Schema("Field 'Next' is not supported", "/States/X/Retry[0]")]),
        (Task(""" "Catch":[{"ErrorEquals":["E"]}] """),
            [Schema("These fields are required: [Next]", "/States/X/Catch[0]")]),
        (Task(""" "Catch":[{"ErrorEquals":["States.ALL"],"Next":"X"},{"ErrorEquals":["E"],"Next":"X"}] """),
            [Schema("States.ALL must appear alone and at end of list", "/States/X/Catch[0]/ErrorEquals[0]")]),
        (Task(""" "Catch":[{"ErrorEquals":["E"],"Next":"X","ResultPath":"$..a"}] """), [Schema(
            "Value is not a Reference Path: a reference path has only names and indexes", "/States/X/Catch[0]/ResultPath")]),
    ];

    private static IEnumerable<(string, string[])> Choices =>
    [
        (X(""" "Type":"Choice" """), [Schema("These fields are required: [Choices]", "/States/X")]),
        (X(""" "Type":"Choice","Choices":[] """), [Schema("Value cannot be empty", "/States/X/Choices")]),
        (Choice("""{"Variable":"$.a","IsNull":true}"""),
            [Schema("These fields are required: [Next]", "/States/X/Choices[0]")]),
        (Choice("""{"Variable":"a","IsNull":true,"Next":"Y"}"""), [Schema(
            "Value is not a Reference Path: Reference path didn't start with '$'", "/States/X/Choices[0]/Variable")]),
        (Choice("""{"Next":"Y"}"""), [Schema(
            "The object must have only one of the following fields, [And, Or, Not, Variable]", "/States/X/Choices[0]")]),
        (Choice("""{"And":[],"Next":"Y"}"""), [Schema("Value cannot be empty", "/States/X/Choices[0]/And")]),
        (Choice("""{"And":[{"Variable":"$.a","IsNull":true,"Next":"Y"}],"Next":"Y"}"""),
            [Schema("Field 'Next' is not supported", "/States/X/Choices[0]/And[0]")]),
        (Choice("""{"Not":{"Variable":"$.a","StringEquals":1},"Next":"Y"}"""),
            [Schema("Expected value of type [STRING]", "/States/X/Choices[0]/Not/StringEquals")]),
        (Choice("""{"Variable":"$.a","NumericEquals":"1","Next":"Y"}"""),
            [Schema("Expected value of type [NUMBER]", "/States/X/Choices[0]/NumericEquals")]),
        (Choice("""{"Variable":"$.a","BooleanEquals":"1","Next":"Y"}"""),
            [Schema("Expected value of type [BOOLEAN]", "/States/X/Choices[0]/BooleanEquals")]),
        (Choice("""{"Variable":"$.a","TimestampEquals":"today","Next":"Y"}"""),
            [Schema("String does not match RFC3339 timestamp", "/States/X/Choices[0]/TimestampEquals")]),
        (Choice("""{"Variable":"$.a","StringMatches":"a\\b","Next":"Y"}"""), [Schema(
            "Value is not a valid pattern: Invalid escape character at pos 1", "/States/X/Choices[0]/StringMatches")]),
        (Choice("""{"Variable":"$.a","StringEqualsPath":"$.b[*]","Next":"Y"}"""), [Schema(
            "Value is not a Reference Path: it has more than names and indexes", "/States/X/Choices[0]/StringEqualsPath")]),
        (Choice("""{"Variable":"$.a","StringMatchesPath":"$.b","IsNull":true,"Next":"Y"}"""),
            [Schema("Field 'StringMatchesPath' is not supported", "/States/X/Choices[0]")]),
    ];

    private static IEnumerable<(string, string[])> Maps =>
    [
        (X(""" "Type":"Map","End":true """),
            [Schema("This object should have only one of the following fields: [ItemProcessor, Iterator]", "/States/X")]),
        (Map(""","ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"JSON"}}"""),
            [Schema("Field 'ItemReader' is not supported", "/States/X")]),
        (Map("", """ "ProcessorConfig":{"Mode":"DISTRIBUTED"},"""),
            [Schema("These fields are required: [ExecutionType]", "/States/X/ItemProcessor/ProcessorConfig")]),
        (Map("", """ "ProcessorConfig":{"Mode":"INLINE","ExecutionType":"EXPRESS"},"""),
            [Schema("Field 'ExecutionType' is not supported", "/States/X/ItemProcessor/ProcessorConfig")]),
        (Map("", """ "QueryLanguage":"JSONata","""),
            [Schema("Field 'QueryLanguage' is not supported", "/States/X/ItemProcessor")]),
        (Map(""","ItemReader":{"Resource":"arn:aws:states:::s3:putObject"}""", Distributed), [Schema(
            "The field 'Resource' does not match any of the allowed values", "/States/X/ItemReader/Resource")]),
        (Map(""","ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"CSV"}}""", Distributed),
            [Schema("The field 'CSVHeaderLocation' is required", "/States/X/ItemReader/ReaderConfig")]),
        (Map("""
             ,"ItemReader":{"Resource":"arn:aws:states:::s3:getObject",
             "ReaderConfig":{"InputType":"CSV","CSVHeaderLocation":"GIVEN"}}
             """, Distributed),
            [Schema("These fields are required: [CSVHeaders]", "/States/X/ItemReader/ReaderConfig")]),
        (Map("""
             ,"ItemReader":{"Resource":"arn:aws:states:::s3:getObject",
             "ReaderConfig":{"InputType":"JSON","CSVHeaderLocation":"GIVEN","CSVHeaders":["a"]}}
             """, Distributed),
        [
            Schema("Field 'CSVHeaderLocation' is not supported", "/States/X/ItemReader/ReaderConfig"),
            Schema("Field 'CSVHeaders' is not supported", "/States/X/ItemReader/ReaderConfig"),
        ]),
        (Map(""","ItemBatcher":{"BatchInput":{}}""", Distributed), [Schema(
            "This object should have at least one of the following fields: [MaxItemsPerBatch, MaxItemsPerBatchPath, "
            + "MaxInputBytesPerBatch, MaxInputBytesPerBatchPath]", "/States/X/ItemBatcher")]),
        (Map(""","ItemBatcher":{"MaxItemsPerBatch":0}""", Distributed),
            [Schema("Value should be between 1 and 100000000", "/States/X/ItemBatcher/MaxItemsPerBatch")]),
        (Map(""","ItemBatcher":{"MaxItemsPerBatch":1,"BatchInput":7}""", Distributed),
            [Schema("Expected value of type [OBJECT]", "/States/X/ItemBatcher/BatchInput")]),
        (Map(""","ResultWriter":{}""", Distributed), [Schema(
            "This object should have at least one of the following fields: [Resource, WriterConfig]",
            "/States/X/ResultWriter")]),
        (Map(""","ResultWriter":{"WriterConfig":{"Transformation":"FLAT"}}""", Distributed), [Schema(
            "Value should be one of the following: [NONE, COMPACT, FLATTEN]",
            "/States/X/ResultWriter/WriterConfig/Transformation")]),
        (Map(""","ToleratedFailurePercentage":101"""),
            [Schema("Value should be between 0 and 100", "/States/X/ToleratedFailurePercentage")]),
        (Map(""","MaxConcurrency":1,"MaxConcurrencyPath":"$.m" """),
            [Schema("There should only be one of the following fields: [MaxConcurrency, MaxConcurrencyPath]", "/States/X")]),
        (Map(""","ItemSelector":{},"Parameters":{}"""),
            [Schema("There should only be one of the following fields: [ItemSelector, Parameters]", "/States/X")]),
        (Map(""","ItemsPath":"$.a[*]" """),
            [Schema("Value is not a Reference Path: it has more than names and indexes", "/States/X/ItemsPath")]),
        (Map($$""","Label":"{{new string('l', 41)}}" """),
        [
            $"INVALID_LABEL_NAME: Label '{new string('l', 41)}' exceeds the 40-character limit allowed by the service "
            + "at /States/X/Label",
        ]),
        (Map(""","Label":"a b" """), ["INVALID_LABEL_NAME: Label 'a b' contains invalid characters at /States/X/Label"]),
    ];

    private static IEnumerable<(string, string[])> Languages =>
    [
        (X(""" "Type":"Pass","Output":1,"End":true """), [Schema(
            "The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported for the 'JSONata' QueryLanguage",
            "/States/X")]),
        (X(""" "Type":"Pass","QueryLanguage":"JSONata","Result":1,"End":true """), [Schema(
            "The QueryLanguage is set to 'JSONata', but field 'Result' is only supported for the 'JSONPath' QueryLanguage",
            "/States/X")]),
        ("""
         {"StartAt":"X","QueryLanguage":"JSONata","States":{"X":{"Type":"Pass","QueryLanguage":"JSONPath","Output":1,"End":true}}}
         """, [Schema("'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine", "/States/X")]),
        ("""
         {"StartAt":"X","States":{"X":{"Type":"Map","QueryLanguage":"JSONata","End":true,"Items":[],
         "ItemProcessor":{"StartAt":"Y","States":{"Y":{"Type":"Pass","Output":1,"End":true}}}}}}
         """, [Schema(
            "The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported for the 'JSONata' QueryLanguage",
            "/States/X/ItemProcessor/States/Y")]),
        (Choice("""{"Condition":true,"Variable":"$.a","IsNull":true,"Next":"Y"}"""),
        [
            Schema("The QueryLanguage is set to 'JSONPath', but field 'Condition' is only supported for the 'JSONata' "
                + "QueryLanguage", "/States/X/Choices[0]"),
            Schema("Field 'Condition' is not supported", "/States/X/Choices[0]"),
        ]),
        ("""
         {"StartAt":"X","QueryLanguage":"JSONata",
         "States":{"X":{"Type":"Choice","Choices":[{"Condition":"yes","Next":"Y"}]},"Y":{"Type":"Succeed"}}}
         """, [Schema("Expected value of type [BOOLEAN]", "/States/X/Choices[0]/Condition")]),
        ("""
         {"StartAt":"X","QueryLanguage":"JSONata","States":{"X":{"Type":"Pass","Output":{"a":["{% 1 "]},"End":true}}}
         """, [Schema("JSONata string must start with {% and end with %}", "/States/X/Output/a[0]")]),
        ("""
         {"StartAt":"X","QueryLanguage":"JSONata","States":{"X":{"Type":"Wait","Seconds":"5","End":true}}}
         """, [Schema("Expected value of type [INTEGER]", "/States/X/Seconds")]),
    ];

    private static IEnumerable<(string, string[])> Templates =>
    [
        (X(""" "Type":"Pass","Parameters":{"a.$":1},"End":true """), [Schema(
            "The value for the field 'a.$' must be a valid JSONPath or a valid intrinsic function call: it is not a string",
            "/States/X/Parameters")]),
        (X(""" "Type":"Pass","Parameters":{"in":[{"a.$":"$.x["}]},"End":true """), [Schema(
            "The value for the field 'a.$' must be a valid JSONPath or a valid intrinsic function call: an index, a name in "
            + "quotes, '*' or a filter is missing after '[' (character 5)", "/States/X/Parameters/in[0]")]),
        (X(""" "Type":"Pass","Parameters":{"a.$":"States.Nope()"},"End":true """), [Schema(
            "The value for the field 'a.$' must be a valid JSONPath or a valid intrinsic function call: there is no function "
            + "'States.Nope' (character 12)", "/States/X/Parameters")]),
        (X(""" "Type":"Pass","Parameters":{"a":1,"a.$":"$.b"},"End":true """),
            [Schema("The field 'a' is there twice, as 'a' and with '.$'", "/States/X/Parameters")]),
        (X(""" "Type":"Pass","Assign":{"states":1},"End":true """),
            ["RESERVED_VARIABLE_NAME: Cannot assign to reserved variable '$states'. at /States/X/Assign"]),
        (X(""" "Type":"Pass","Assign":{"1a.$":"$.b"},"End":true """),
        [
            "INVALID_VARIABLE_NAME: Invalid variable name '1a': the variable name contains invalid characters. at "
            + "/States/X/Assign",
        ]),
        (X($$""" "Type":"Pass","Assign":{"{{new string('v', 81)}}":1},"End":true """),
        [
            $"INVALID_VARIABLE_NAME: Invalid variable name '{new string('v', 81)}': the variable name exceeds the "
            + "80-character limit. at /States/X/Assign",
        ]),
        (X(""" "Type":"Pass","Assign":[],"End":true """), [Schema("Expected value of type [OBJECT]", "/States/X/Assign")]),
    ];
}
