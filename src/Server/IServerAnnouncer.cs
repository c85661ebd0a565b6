namespace Lambent.Server;

/// <summary>Tells the operator how the start goes; the command line prints it.</summary>
public interface IServerAnnouncer
{
    /// <summary>Calls are accepted now.</summary>
    /// <param name="address">http://127.0.0.1:PORT.</param>
    /// <param name="dashboard">The dashboard's page with a login token that is good for half an hour.</param>
    void Ready(Uri address, Uri dashboard);

    /// <summary>Something the operator should know and may change, in one sentence.</summary>
    void Warn(string message);
}
