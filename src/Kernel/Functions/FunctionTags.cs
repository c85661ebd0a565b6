namespace Lambent.Kernel.Functions;

/// <summary>Tags that set what AWS has no field for. Commands that set tags validate them.</summary>
public static class FunctionTags
{
    public const string Prefix = "lambent:";

    /// <summary>Calls at a time in one environment, 1 to 1,000; default 1.</summary>
    public const string EnvironmentConcurrency = "lambent:environment-concurrency";

    /// <summary>namespace, process, runc or runsc; default: the strongest that works.</summary>
    public const string Isolation = "lambent:isolation";
}
