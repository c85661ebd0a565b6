using Lambent.Kernel.Alerts;

namespace Lambent.Server.Alerts;

/// <summary>How e-mail is sent; the operator's.</summary>
/// <param name="IsTls">From the first byte; else STARTTLS is used where the other side offers it.</param>
/// <param name="NeedsTls">Whether without TLS nothing is sent.</param>
/// <param name="User">Null: without signing in.</param>
/// <param name="From">The sender.</param>
public sealed record SmtpSettings(
    string Host, int Port, bool IsTls, bool NeedsTls, string? User, string? Password, string From)
{
    private const int PortDefault = 587;
    private const int TlsPortDefault = 465;

    /// <param name="url">
    /// smtp://USER:PASSWORD@HOST:PORT, or smtps:// for TLS from the first byte. A password is sent over TLS only, but
    /// for to this machine itself.
    /// </param>
    /// <param name="from">The sender's address; null: lambent@ the host.</param>
    /// <param name="problem">What is wrong with either, for people.</param>
    /// <returns>Null when something is wrong.</returns>
    public static SmtpSettings? Parse(string url, string? from, out string? problem)
    {
        problem = null;
        if (!Uri.TryCreate(url, UriKind.Absolute, out var parsed)
            || parsed.Scheme is not ("smtp" or "smtps")
            || parsed.Host.Length == 0
            || parsed.PathAndQuery is not ("/" or ""))
        {
            problem = "The mail server must be smtp:// or smtps://USER:PASSWORD@HOST:PORT.";
            return null;
        }

        var isTls = parsed.Scheme == "smtps";
        var parts = parsed.UserInfo.Split(':', 2);
        var user = parts[0].Length > 0 ? Uri.UnescapeDataString(parts[0]) : null;
        var sender = from ?? $"lambent@{(parsed.HostNameType == UriHostNameType.Dns ? parsed.Host : "localhost")}";
        if (!AlertRules.IsAddress(sender))
        {
            problem = "The sender must be an e-mail address such as lambent@example.org.";
            return null;
        }

        return new SmtpSettings(
            parsed.Host,
            parsed.Port > 0 && !parsed.IsDefaultPort ? parsed.Port : isTls ? TlsPortDefault : PortDefault,
            isTls,
            user is not null && !parsed.IsLoopback,
            user,
            parts.Length == 2 ? Uri.UnescapeDataString(parts[1]) : "",
            sender);
    }
}
