using Lambent.Server.Dashboard;

namespace Lambent.Server;

/// <summary>What a browser sees.</summary>
internal sealed partial class ServerParts
{
    public DashboardEndpoint Dashboard { get; private set; } = null!;

    private void OpenDashboard(ServerOptions options) => Dashboard = new DashboardEndpoint(
        options.DashboardFolder is { } folder ? DashboardFiles.Folder(folder) : DashboardFiles.Embedded());
}
