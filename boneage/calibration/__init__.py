"""A site's own correction of bone ages: fitted on local films with readings, kept in a file, applied on request."""
