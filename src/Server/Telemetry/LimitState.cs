namespace Lambent.Server.Telemetry;

/// <summary>How much of a limit is used up, in the words of /v1/status and of the doctor.</summary>
internal static class LimitState
{
    public const string Ok = "ok";

    /// <summary>From 80 % on.</summary>
    public const string NearLimit = "near-limit";

    /// <summary>The oldest are being removed.</summary>
    public const string AtLimit = "at-limit";

    private const double NearShare = 0.8;

    /// <summary>What is removed is removed in steps, so what is full is a little below its limit.</summary>
    private const double FullShare = 0.97;

    public static string Of(double used, double limit) =>
        used >= limit * FullShare ? AtLimit : used >= limit * NearShare ? NearLimit : Ok;
}
