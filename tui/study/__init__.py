"""What a study is and how one is read. Knows files; knows no statistics and no screen."""
