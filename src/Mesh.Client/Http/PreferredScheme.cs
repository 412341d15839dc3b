using Mesh.Client.Services;

namespace Mesh.Client.Http;

/// <summary>Reads .NET service discovery's scheme with alternatives, such as <c>https+http://orders</c>: the first one that an endpoint serves.</summary>
internal static class PreferredScheme
{
    public static Uri Apply(Uri uri, ServiceSnapshot snapshot)
    {
        if (!MeshServices.HasAlternatives(uri))
        {
            return uri;
        }

        string[] schemes = uri.Scheme.Split('+');
        string chosen = Array.Find(schemes, s => snapshot.PickerFor(s) is not null) ?? schemes[0];
        return new UriBuilder(uri) { Scheme = chosen, Port = uri.IsDefaultPort ? -1 : uri.Port }.Uri;
    }
}
