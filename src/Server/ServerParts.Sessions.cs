using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Storage;
using Lambent.Server.Access;
using Lambent.Server.Native;
using Microsoft.AspNetCore.Builder;

namespace Lambent.Server;

/// <summary>Logins to the dashboard, and the credentials made for them.</summary>
internal sealed partial class ServerParts
{
    private LoginTokens loginTokens = null!;
    private SessionOperations sessionOperations = null!;
    private BrowserOrigin origin = null!;

    /// <summary>Credentials of functions and of browsers.</summary>
    private SessionTokens OpenSessions(
        ServerOptions options, IStore store, AccountService accounts, byte[] key, Func<FunctionId, bool> exists)
    {
        loginTokens = new LoginTokens(options.Time);
        var browsers = new BrowserSessions(store, options.BrowserSessions, options.Time);
        browsers.Load();
        accounts.Deleted += browsers.Refresh;
        accounts.Deleted += loginTokens.Forget;
        var tokens = new SessionTokens(key, exists, options.Time) { IsLive = browsers.IsLive };
        origin = new BrowserOrigin(options.PublicUrl);
        sessionOperations = new SessionOperations(
            loginTokens, browsers, tokens, origin, options.Region, options.Time);
        return tokens;
    }

    /// <summary>The dashboard's page with a token for the root account.</summary>
    public Uri NewLoginUrl(Uri address)
    {
        var token = loginTokens.Make(AccountId.Root, TimeSpan.FromMinutes(Limits.LoginTokenMinutesDefault));
        return new Uri(SessionOperations.LoginUrl(origin.At(address), token));
    }

    public void MapSessions(WebApplication app) => sessionOperations.Map(Native, app);
}
