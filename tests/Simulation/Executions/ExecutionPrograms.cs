using Lambent.Kernel.Queues;
using Lambent.Simulation.Queues;

namespace Lambent.Simulation.Executions;

/// <summary>
/// State machines whose end is known: the number they are given comes back greater by one for each call of a function.
/// </summary>
internal static class ExecutionPrograms
{
    public const string Event = "go";

    private const string Retry = """
        "Retry": [{"ErrorEquals": ["Flaky"], "IntervalSeconds": 1, "MaxAttempts": 99999, "BackoffRate": 1}]
        """;

    public static QueueId Queue { get; } = QueueParts.Id("sent");

    public static IReadOnlyDictionary<string, string> Definitions { get; } = new Dictionary<string, string>
    {
        ["chain"] = $$"""
            {"StartAt": "A", "States": {
                "A": {{Call("\"Next\": \"W\"")}},
                "W": {"Type": "Wait", "SecondsPath": "$.wait", "Next": "B"},
                "B": {{Call("\"End\": true")}} } }
            """,
        ["side"] = $$"""
            {"StartAt": "P", "States": {
                "P": {"Type": "Parallel", "ResultSelector": {"n.$": "$[1].n", "list.$": "$[0].list"}, "Next": "M",
                    "Branches": [
                        {"StartAt": "W", "States": {"W": {"Type": "Wait", "SecondsPath": "$.wait", "End": true} } },
                        {"StartAt": "C", "States": {"C": {{Call("\"End\": true")}} } }]},
                "M": {"Type": "Map", "ItemsPath": "$.list", "InputPath": "$", "ItemSelector": {"n.$": "$.n"},
                    "MaxConcurrency": 2, "ResultPath": "$.made", "Next": "O",
                    "ItemProcessor": {"StartAt": "D", "States": {"D": {{Call("\"End\": true")}} } } },
                "O": {"Type": "Pass", "Parameters": {"n.$": "$.made[2].n"}, "End": true} } }
            """,
        ["spread"] = $$"""
            {"StartAt": "M", "States": {
                "M": {"Type": "Map", "ItemsPath": "$.list", "ItemSelector": {"n.$": "$.n"}, "Next": "O",
                    "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                        "StartAt": "D", "States": {
                            "D": {{Call("\"Next\": \"E\"")}},
                            "E": {{Call("\"End\": true")}} } } },
                "O": {"Type": "Pass", "Parameters": {"n.$": "$[0].n"}, "End": true} } }
            """,
        ["send"] = $$"""
            {"StartAt": "S", "States": {
                "S": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "ResultPath": null, "Next": "A",
                    "Parameters": {"QueueUrl": "http://localhost/{{QueueParts.Account}}/sent",
                        "MessageBody.$": "$$.Execution.Name"} },
                "A": {{Call("\"End\": true")}} } }
            """,
        ["event"] = $$"""
            {"StartAt": "A", "States": {
                "A": {{Call("\"Next\": \"W\"")}},
                "W": {"Type": "Task", "Resource": "arn:aws:states:::lambent:waitForEvent",
                    "Parameters": {"Name": "{{Event}}"}, "ResultPath": "$.by", "Next": "B"},
                "B": {"Type": "Pass", "Parameters": {"n.$": "$.by.n"}, "End": true} } }
            """,
        ["nest"] = $$"""
            {"StartAt": "N", "States": {
                "N": {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2",
                    "OutputPath": "$.Output", "Parameters": {"Input.$": "$", "StateMachineArn":
                        "arn:aws:states:{{QueueParts.Region}}:{{QueueParts.Account}}:stateMachine:chain"}, "Next": "A"},
                "A": {{Call("\"End\": true")}} } }
            """,
        ["again"] = $$"""
            {"StartAt": "A", "States": {
                "A": {{Call("\"Next\": \"C\"")}},
                "C": {"Type": "Choice", "Default": "New",
                    "Choices": [{"Variable": "$.last", "IsPresent": true, "Next": "Done"}]},
                "New": {"Type": "Task", "Resource": "arn:aws:states:::lambent:continueAsNew",
                    "Parameters": {"Input": {"n.$": "$.n", "last": true} }, "End": true},
                "Done": {"Type": "Pass", "Parameters": {"n.$": "$.n"}, "End": true} } }
            """,
    };

    /// <summary>How much greater the number is at the end.</summary>
    public static int Added(string machine) => machine switch
    {
        "chain" or "side" or "spread" or "again" => 2,
        "nest" => 3,
        "event" => 100,
        _ => 1,
    };

    private static string Call(string next) => $$"""
        {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:000000000000:function:add", {{Retry}}, {{next}} }
        """;
}
