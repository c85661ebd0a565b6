namespace Lambent.Kernel.Workflows.Definitions;

/// <summary>
/// Tasks that only this server has: <c>arn:aws:states:::lambent:ACTION</c>. The service's name says whose they are, so
/// that nobody takes them for something of AWS, and a definition that has none of them runs on both.
/// </summary>
public static class OwnTask
{
    public const string Service = "lambent";

    /// <summary>Waits until an event of a name is sent to the execution; the result is what was sent with it.</summary>
    public const string WaitForEvent = "waitForEvent";

    /// <summary>Sends an event to another execution of the account.</summary>
    public const string SendEvent = "sendEvent";

    /// <summary>Ends the execution and begins the next one, with an empty journal, in one write.</summary>
    public const string ContinueAsNew = "continueAsNew";

    /// <summary>Sets attributes by which executions are found.</summary>
    public const string SetAttributes = "setAttributes";

    /// <summary>Whether it is this server's own task of that name.</summary>
    public static bool IsOwn(this TaskResource resource, string action) =>
        resource.Service == Service && resource.Action == action;

    /// <summary>Whether the interpreter does it: no one outside has a part in it.</summary>
    public static bool IsDoneByInterpreter(this TaskResource resource) =>
        resource.Service == Service && resource.Action is WaitForEvent or SetAttributes;
}
