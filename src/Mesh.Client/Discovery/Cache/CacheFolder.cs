namespace Mesh.Client.Discovery.Cache;

/// <summary>Where the files stand if nobody says.</summary>
internal static class CacheFolder
{
    /// <summary>
    /// A folder of this application's own: <c>mesh-client/</c> and the application's name, under the user's local data (<c>~/.local/share</c>,
    /// <c>%LocalAppData%</c>). Empty where the user has none.
    /// </summary>
    public static string OfThisApplication()
    {
        string data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return data.Length == 0 ? "" : Path.Combine(data, "mesh-client", CacheFileName.Safe(AppDomain.CurrentDomain.FriendlyName));
    }
}
